// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest_test

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/writ-iot/writ/law"
)

// row is one row of the reference crosswalk: places of several laws that demand the same.
type row struct {
	id     string
	places []place
}

// place is where a row points: an instrument in the oracle's own name, and a place in it.
type place struct {
	instrument, pinpoint string
}

// oracle reads the rows of the reference crosswalks, which are no part of the project.
func oracle(t *testing.T) (rows []row) {
	t.Helper()
	dir := "../../../shared/law"
	for _, name := range []string{"law-eu-intl.yaml", "law-us-sector.yaml"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Skipf("the reference crosswalks are not here: %v", err)
		}
		root, err := law.ParseYAML(name, b)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range at(root, "crosswalk").Items {
			one := row{id: at(r, "id").Text}
			if by := at(r, "demanded_by"); by != nil {
				for _, d := range by.Items {
					one.add(at(d, "instrument").Text, at(d, "provisions"))
				}
			} else {
				for _, part := range []string{"provisions", "anchors"} {
					for _, e := range entries(at(r, part)) {
						one.add(e.Key, e.Value)
					}
				}
			}
			rows = append(rows, one)
		}
	}
	return rows
}

func (r *row) add(instrument string, provisions *law.Node) {
	for _, p := range provisions.Items {
		r.places = append(r.places, place{instrument, p.Text})
	}
}

func entries(n *law.Node) []law.Entry {
	if n == nil {
		return nil
	}
	return n.Entries
}

func at(n *law.Node, key string) *law.Node {
	for _, e := range n.Entries {
		if e.Key == key {
			return e.Value
		}
	}
	return nil
}

// ours names the catalogue's instrument for each name of the oracle.
var ours = map[string]law.InstrumentID{
	"eu-cra": "eu/cra", "std-en18031": "eu/en-18031", "etsi-en-303-645-v3.1.3": "etsi/en-303-645",
	"uk-psti-regs": "uk/psti", "uk-psti-act": "uk/psti", "au-smart-rules-2025": "au/smart-devices-rules-2025",
	"au-csa-2024": "au/cyber-security-act-2024", "sg-cls": "sg/cls", "jp-jc-star": "jp/jc-star", "kr-cic": "kr/cic",
	"itu-t-x1352": "itu/x1352", "itu-t-x1355": "itu/x1355", "iec-62443-4-2": "iec/62443-4-2",
	"iec-62443-3-3": "iec/62443-3-3", "iec-62443-4-1": "iec/62443-4-1", "iec-62443-other": "iec/62443-other",
	"eu-nis2": "eu/nis2", "eu-nis2-ir-2024-2690": "eu/nis2-2024-2690", "eu-gdpr": "eu/gdpr", "eu-red-da": "eu/red-2022-30",
	"wef-consensus": "wef/consensus", "eu-mdr": "eu/mdr", "cn-csl": "cn/csl", "eu-dora": "eu/dora", "ch-other": "ch/other",
	"ch-isg": "ch/isg", "unece-r155": "unece/r155", "unece-r156": "unece/r156", "eu-pld": "eu/pld", "eu-csa": "eu/csa",
	"iso-iec-27402": "iso/27402", "iso-iec-29147-30111": "iso/29147-30111", "bsi-tr-03183": "de/bsi-tr-03183",
	"eu-machinery": "eu/machinery", "in-certin": "in/cert-in", "eu-ai-act": "eu/ai-act", "ieee-iot": "ieee/iot",
	"eu-data-act": "eu/data-act", "uk-nis-regs": "uk/nis", "mutual-recognition": "intl/mutual-recognition",
	"nist-ir-8259": "nist/ir-8259", "nist-ir-8259a": "nist/ir-8259a", "nist-ir-8259b": "nist/ir-8259b",
	"nist-ir-8425": "nist/ir-8425", "nist-sp-800-213": "nist/sp-800-213", "nist-sp-800-213a": "nist/sp-800-213a",
	"us-ndaa-889": "us/ndaa-889", "us-doj-dsp": "us/doj-dsp", "us-bod-22-01": "us/bod-22-01", "us-bod-23-01": "us/bod-23-01",
	"us-bod-26-02": "us/bod-26-02", "us-bod-26-04": "us/bod-26-04", "us-fisma-omb": "us/fisma",
	"us-hipaa-security": "us/hipaa-security", "us-hipaa-breach": "us/hipaa-breach", "us-hipaa-nprm-2025": "us/hipaa-nprm-2025",
	"us-hhs-rsp": "us/hhs-rsp", "us-glba-safeguards": "us/glba-safeguards", "us-ffiec": "us/ffiec",
	"us-nydfs-500": "usny/23-nycrr-500", "us-ny-shield": "usny/shield", "pci-dss-4.0.1": "pci/dss-4.0.1",
	"us-ca-ccpa": "usca/ccpa", "us-ca-sb327": "usca/sb-327", "us-ca-breach": "usca/breach", "us-or-hb2395": "usor/hb-2395",
	"nerc-cip": "us/nerc-cip", "us-uscg-mts": "us/uscg-mts", "us-cmmc": "us/cmmc", "us-iot-act-2020": "us/iot-act-2020",
	"us-coppa": "us/coppa", "us-fda-524b": "us/fda-524b", "us-interagency-guidelines": "us/interagency-guidelines",
	"us-sec-8k-105": "us/sec-8k-105", "us-tsa-sd": "us/tsa-sd", "us-awia": "us/awia", "us-reg-sp": "us/reg-s-p",
	"us-states-breach": "us/states-breach", "us-ftc-act-5": "us/ftc-act-5", "us-ftc-hbnr": "us/ftc-hbnr",
	"us-circia": "us/circia", "us-bank-36h": "us/bank-36h", "us-ncua-72h": "us/ncua-72h", "us-eo-14306": "us/eo-14306",
	"us-fcc-cyber-trust-mark": "us/cyber-trust-mark", "us-fcc-covered-list": "us/fcc-covered-list",
	"ca-qc-law25": "ca/qc-law-25", "ca-c8-ccspa": "ca/ccspa", "ca-pipeda-breach": "ca/pipeda-breach",
	"ca-ciosc-105": "ca/ciosc-105", "cl-21663": "cl/21663", "br-anatel-77": "br/anatel-77", "br-lgpd": "br/lgpd",
	"latam-other": "latam/other", "nist_csf_2_0": "nist/csf-2.0", "nist_sp_800_53r5": "nist/sp-800-53",
	"cisa_cpg_2_0": "us/cisa-cpg", "owasp_isvs_1_0": "schemes/owasp-isvs", "owasp_iot_top10_2018": "schemes/owasp-iot-top10",
}

// elsewhere are places that the catalogue writes in other words.
var elsewhere = map[string]string{
	"us-hipaa-nprm-2025 308 compliance audit": "164.308(a)(14)",
	"us-hipaa-nprm-2025 308 restore 72 h":     "164.308(a)(13)", "us-hipaa-nprm-2025 308(a)(1)": "164.308(a)(1)",
	"us-hipaa-nprm-2025 308(a)(2)": "164.308(a)(2)", "us-hipaa-nprm-2025 312 MFA": "164.312(f)(2)",
	"us-hipaa-nprm-2025 312 encryption": "164.312(b)(2)", "us-hipaa-nprm-2025 312 malware/ports": "164.312(c)(2)",
	"us-hipaa-nprm-2025 312 scan/pen test": "164.312(h)(2)", "us-hipaa-nprm-2025 312 segmentation": "164.312(a)(2)(vi)",
	"us-hipaa-nprm-2025 patch": "164.308(a)(4)", "us-hipaa-nprm-2025 general": "Preamble",
	"us-bod-26-04 Implementation guidance": "Required actions", "eu-cra Art. 28, 30, 31, 32": "Art. 28 ; Art. 30 ; Art. 31 ; Art. 32",
	"au-csa-2024 s. 26-27": "s. 27", "br-lgpd Res.15 (art. 10)": "Res. 15 art. 10", "br-lgpd Res.15 (art. 5)": "Res. 15 art. 6",
	"ca-pipeda-breach SOR/2018-64 s.2,3": "SOR/2018-64 s. 2-3", "ca-pipeda-breach Sch.1 4.7": "Sch. 1 clause 4.7",
	"ch-other Art. 8 DSG": "DSG Art. 8", "nist-ir-8425 2.2.2 Information & Query Reception": "2.2.2 Information and Query Reception",
	"nist-ir-8425 2.2.2 Product Education & Awareness": "2.2.2 Product Education and Awareness",
	"nist-sp-800-213a Non-tech DO/DOC":                 "Non-technical supporting capability DO",
	"nist-sp-800-213a Non-tech EA":                     "Non-technical supporting capability EA",
	"nist-sp-800-213a Non-tech ID":                     "Non-technical supporting capability ID",
	"nist-sp-800-213a Non-tech IQ":                     "Non-technical supporting capability IQ",
	"uk-psti-act s. 9":                                 "PSTI Act 2022 s. 9", "uk-psti-regs Sch. 4 para 1(1)(a)-(g)": "SI 2023/1007 Sch. 4 para. 1(1)",
	"us-ca-ccpa 7120": "7121", "us-doj-dsp 202.248": "202.401", "us-eo-14306 s.5 (amending EO 14144 s.7?)": "Amendment of EO 14144 (label)",
	"us-fcc-covered-list Covered List 2026-03-23": "2.903", "us-ffiec Auth 2021 s.2-4": "Authentication guidance (2021)",
	"us-ffiec IS booklet II.C": "Information Security booklet II.C", "us-ffiec after CAT": "After the CAT",
	"us-hhs-rsp 13412(a)": "42 U.S.C. 17941(a)", "nerc-cip CIP-003-9 R2 Att.1 s.3,6": "CIP-003-9 R2",
	"nerc-cip CIP-005-7 R2-R3": "CIP-005-7 R2", "uk-psti-regs Sch. 1 para 1": "SI 2023/1007 Sch. 1 para. 1",
	"uk-psti-regs Sch. 1 para 2": "SI 2023/1007 Sch. 1 para. 2", "uk-psti-regs Sch. 1 para 3": "SI 2023/1007 Sch. 1 para. 3",
	"uk-psti-regs reg. 8 / reg. 9": "SI 2023/1007 reg. 8", "us-fda-524b Guidance V.A-V.C": "Guidance V",
	"us-bod-26-02 immediate": "Action, at once", "eu-gdpr Art. 33(1),(3)-(4)": "Art. 33",
	"nist-sp-800-213 s.3": "Section 3", "nist-sp-800-213 s.4": "Section 4",
	"us-iot-act-2020 s.7(a)(1) / 15 USC 278g-3e(a)(1)": "278g-3e(a)(1)",
	"us-sec-8k-105 Item 1.05 instr. 1":                 "Form 8-K Item 1.05, instruction 1", "br-anatel-77 4.x": "4",
}

// absent are places that the catalogue does not hold, and why.
var absent = map[string]string{
	"us-hipaa-nprm-2025 308 notices 24 h":            "the proposal's notice within 24 hours is not modelled before there is a rule",
	"us-fcc-cyber-trust-mark 8.207":                  "what the FCC itself does",
	"us-fcc-cyber-trust-mark 8.209":                  "what the label administrators do",
	"us-fcc-cyber-trust-mark 8.216":                  "when an authorisation ends by itself; nobody's duty",
	"us-fcc-cyber-trust-mark 8.217-8.218":            "rules for laboratories",
	"us-fcc-cyber-trust-mark 8.219-8.221":            "rules for administrators",
	"us-glba-safeguards 314.4(j)(2)":                 "that the FTC may publish the notices; nobody's duty",
	"us-iot-act-2020 s.4 / 15 USC 278g-3b":           "a mandate to NIST",
	"us-iot-act-2020 s.5 / 15 USC 278g-3c":           "a mandate to NIST",
	"us-iot-act-2020 s.6 / 15 USC 278g-3d":           "a mandate to OMB",
	"us-iot-act-2020 s.7(a)(2)":                      "names whose guidelines count; nobody's duty",
	"us-sec-8k-105 Item 1.05(c)":                     "a delay that the Attorney General can grant: part of the clock",
	"us-sec-8k-105 Item 1.05(d)":                     "a delay for carriers under another rule: part of the clock",
	"us-states-breach MA S.3606/H.5563 (2026 bills)": "bills, not law",
}

var (
	letterRange = regexp.MustCompile(`\(([a-z])\)-\(([a-z])\)`)
	numberRange = regexp.MustCompile(`\((\d+)\)-\((\d+)\)`)
	plainRange  = regexp.MustCompile(`^(Art\. )?(\d+)-(\d+)$`)
)

// spread writes a range or a list out: Art. 32(1)(a)-(d) is four places.
func spread(s string) []string {
	for _, sep := range []string{" / ", " ; ", ", "} {
		if parts := strings.Split(s, sep); len(parts) > 1 {
			var all []string
			for _, p := range parts {
				all = append(all, spread(p)...)
			}
			return all
		}
	}
	if m := letterRange.FindStringSubmatchIndex(s); m != nil {
		var all []string
		for c := s[m[2]]; c <= s[m[4]]; c++ {
			all = append(all, spread(s[:m[0]]+"("+string(c)+")"+s[m[1]:])...)
		}
		return all
	}
	if m := numberRange.FindStringSubmatch(s); m != nil {
		return numbers(s, m[0], m[1], m[2], func(n string) string { return "(" + n + ")" })
	}
	if m := plainRange.FindStringSubmatch(s); m != nil {
		return numbers(s, m[0], m[2], m[3], func(n string) string { return m[1] + n })
	}
	return []string{s}
}

func numbers(s, all, from, to string, write func(string) string) (out []string) {
	a, _ := strconv.Atoi(from)
	b, _ := strconv.Atoi(to)
	for ; a <= b && len(out) < 40; a++ {
		out = append(out, spread(strings.Replace(s, all, write(strconv.Itoa(a)), 1))...)
	}
	return out
}

// key takes out of a place what two hands write differently: a point stays where it stands between digits.
func key(s string) string {
	s = strings.ToLower(s)
	var b strings.Builder
	for i := range len(s) {
		switch {
		case s[i] == ' ', s[i] == ',':
		case s[i] == '.' && (i == 0 || i == len(s)-1 || !digit(s[i-1]) || !digit(s[i+1])):
		default:
			b.WriteByte(s[i])
		}
	}
	return strings.NewReplacer("usc", "", "item", "", "para", "p", "instruction", "instr").Replace(b.String())
}

// find gives the provisions at a place: the place itself, else what lies within it, else what it lies in.
func find(i *law.Instrument, p place) []*law.Provision {
	var all []*law.Provision
	for _, s := range texts(i, p) {
		all = append(all, findOne(i, key(s))...)
	}
	slices.SortFunc(all, func(a, b *law.Provision) int { return cmp.Compare(a.ID, b.ID) })
	return slices.Compact(all)
}

func texts(i *law.Instrument, p place) []string {
	if s, ok := elsewhere[p.instrument+" "+p.pinpoint]; ok {
		return strings.Split(s, " ; ")
	}
	switch p.instrument { // of which the catalogue holds chapters and families beside a few places
	case "owasp_isvs_1_0":
		return []string{"V" + p.pinpoint[:1]}
	case "nist_sp_800_53r5":
		if !slices.ContainsFunc(i.Provisions, func(q *law.Provision) bool { return q.Pinpoint == p.pinpoint }) {
			return []string{"Family " + p.pinpoint[:2]}
		}
	}
	return spread(p.pinpoint)
}

func findOne(i *law.Instrument, k string) []*law.Provision {
	if k == "" {
		return nil
	}
	var exact, within, around []*law.Provision
	for _, p := range i.Provisions {
		have := key(p.Pinpoint)
		rest, in := strings.CutPrefix(have, k)
		head, inside := strings.CutSuffix(have, k)
		switch {
		case have == k:
			exact = append(exact, p)
		case in && rest != "" && !digit(rest[0]), inside && !numeric(head):
			within = append(within, p)
		case strings.HasPrefix(k, have) && !alphanumeric(k[len(have)]):
			around = append(around, p)
		}
	}
	switch {
	case len(exact) > 0:
		return exact
	case len(within) > 0:
		return within
	}
	return around
}

func alphanumeric(c byte) bool { return digit(c) || 'a' <= c && c <= 'z' }

// numeric says that a place breaks off within a number.
func numeric(head string) bool {
	return head != "" && (digit(head[len(head)-1]) || head[len(head)-1] == '.')
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
