// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package supplier

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/kind"
)

// Bounds of a VEX file.
const (
	MaxVEX        = 32 << 20
	maxStatements = 10_000
	maxDepth      = 40
	maxProducts   = 100 // of a statement that are kept
)

// VEX is what a file of its maker says of a product's weaknesses: CSAF 2.0 (profile VEX) or OpenVEX.
type VEX struct {
	Format     string      `json:"format"`
	ID         string      `json:"id"`
	Author     string      `json:"author"`
	Made       string      `json:"made,omitempty"`
	Statements []Statement `json:"statements"`
	SHA256     string      `json:"sha256,omitempty"`
}

// Statement is what is said of one weakness. The status is the file's own word.
type Statement struct {
	Vulnerability string   `json:"vulnerability"`
	Status        string   `json:"status"`
	Justification string   `json:"justification,omitempty"`
	Words         string   `json:"words,omitempty"`
	Products      []string `json:"products"`
	Ours          bool     `json:"names_product"` // one of the products is called as ours is
}

// ReadVEX reads a file that a maker gave. It says nothing of who made it, nor whether it is true.
func ReadVEX(b []byte) (*VEX, error) {
	if len(b) > MaxVEX {
		return nil, kind.Errorf(kind.Invalid, "it has more than %d bytes", MaxVEX)
	}
	var head struct {
		Context  json.RawMessage `json:"@context"`
		Document *struct {
			Category string `json:"category"`
			Version  string `json:"csaf_version"`
		} `json:"document"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, kind.Errorf(kind.Invalid, "it is no JSON: %w", err)
	}
	var v *VEX
	var err error
	switch {
	case head.Document != nil && head.Document.Version != "":
		v, err = readCSAF(b)
	case strings.Contains(string(head.Context), "openvex"):
		v, err = readOpenVEX(b)
	default:
		err = fmt.Errorf("it is neither a CSAF document nor OpenVEX")
	}
	if err != nil {
		return nil, kind.Mark(kind.Invalid, err)
	}
	if len(v.Statements) == 0 {
		return nil, kind.Errorf(kind.Invalid, "it says nothing of any weakness")
	}
	return v, nil
}

// Names says which statements name a product, by words that its name holds.
func (v *VEX) Names(vendor, model string) int {
	n := 0
	for i := range v.Statements {
		s := &v.Statements[i]
		s.Ours = model != "" && slices.ContainsFunc(s.Products, func(p string) bool {
			return strings.Contains(fold(p), fold(model)) && (vendor == "" || strings.Contains(fold(p), fold(vendor)))
		})
		if s.Ours {
			n++
		}
	}
	return n
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '_' || r == '/' || r == '%' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// csaf is as much of a CSAF 2.0 document as is read.
type csaf struct {
	Document struct {
		Publisher struct {
			Name string `json:"name"`
		} `json:"publisher"`
		Tracking struct {
			ID      string `json:"id"`
			Current string `json:"current_release_date"`
		} `json:"tracking"`
	} `json:"document"`
	Tree struct {
		Branches []branch      `json:"branches"`
		Names    []productName `json:"full_product_names"`
		Related  []struct {
			Name productName `json:"full_product_name"`
		} `json:"relationships"`
	} `json:"product_tree"`
	Vulnerabilities []struct {
		CVE string `json:"cve"`
		IDs []struct {
			Text string `json:"text"`
		} `json:"ids"`
		Status  map[string][]string `json:"product_status"`
		Flags   []csafNote          `json:"flags"`
		Threats []csafNote          `json:"threats"`
		Remedy  []csafNote          `json:"remediations"`
	} `json:"vulnerabilities"`
}

type branch struct {
	Name     string       `json:"name"`
	Product  *productName `json:"product"`
	Branches []branch     `json:"branches"`
}

type productName struct {
	ID   string `json:"product_id"`
	Name string `json:"name"`
}

type csafNote struct {
	Label    string   `json:"label"`
	Category string   `json:"category"`
	Details  string   `json:"details"`
	Products []string `json:"product_ids"`
}

// statuses of CSAF that a maker answers with (CSAF 2.0, 3.2.3.9), in the order in which they are told.
var statuses = []string{"known_affected", "fixed", "first_fixed", "known_not_affected", "under_investigation",
	"recommended", "last_affected", "first_affected"}

func readCSAF(b []byte) (*VEX, error) {
	var doc csaf
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("reading CSAF: %w", err)
	}
	names := map[string]string{}
	if err := doc.names(names); err != nil {
		return nil, fmt.Errorf("reading CSAF: %w", err)
	}
	v := &VEX{Format: "CSAF", ID: clip(doc.Document.Tracking.ID), Author: clip(doc.Document.Publisher.Name),
		Made: clip(doc.Document.Tracking.Current)}
	for i := range doc.Vulnerabilities {
		u := &doc.Vulnerabilities[i]
		id := u.CVE
		if id == "" && len(u.IDs) > 0 {
			id = u.IDs[0].Text
		}
		for _, status := range statuses {
			ids := u.Status[status]
			if len(ids) == 0 {
				continue
			}
			s := Statement{Vulnerability: clip(id), Status: status}
			for _, p := range ids[:min(len(ids), maxProducts)] {
				s.Products = append(s.Products, clip(orSelf(names[p], p)))
			}
			s.Justification = clip(first(u.Flags, ids, func(n csafNote) string { return n.Label }))
			s.Words = clip(first(slices.Concat(u.Threats, u.Remedy), ids, func(n csafNote) string { return n.Details }))
			if v.Statements = append(v.Statements, s); len(v.Statements) > maxStatements {
				return nil, fmt.Errorf("reading CSAF: more than %d statements", maxStatements)
			}
		}
	}
	return v, nil
}

// names gives the products of a document by their IDs, with the branches that they lie on.
func (d *csaf) names(to map[string]string) error {
	for _, n := range d.Tree.Names {
		to[n.ID] = n.Name
	}
	for _, r := range d.Tree.Related {
		to[r.Name.ID] = r.Name.Name
	}
	return walk(d.Tree.Branches, 0, to)
}

func walk(all []branch, depth int, to map[string]string) error {
	if depth > maxDepth {
		return fmt.Errorf("branches of products deeper than %d", maxDepth)
	}
	for i := range all {
		if p := all[i].Product; p != nil {
			to[p.ID] = p.Name
		}
		if err := walk(all[i].Branches, depth+1, to); err != nil {
			return err
		}
	}
	return nil
}

// first is what the first note says that concerns one of some products, or all.
func first(notes []csafNote, ids []string, says func(csafNote) string) string {
	for _, n := range notes {
		if len(n.Products) == 0 || slices.ContainsFunc(n.Products, func(p string) bool { return slices.Contains(ids, p) }) {
			if text := says(n); text != "" {
				return text
			}
		}
	}
	return ""
}

func orSelf(name, id string) string {
	if name == "" {
		return id
	}
	return name
}

// clip bounds a text of a file that is kept.
func clip(s string) string {
	const most = 1000
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strings.ToValidUTF8(s, "�")
}

// openVEX is as much of an OpenVEX document as is read; parts of it are texts in early versions and objects in later
// ones.
type openVEX struct {
	ID         string `json:"@id"`
	Author     string `json:"author"`
	Timestamp  string `json:"timestamp"`
	Statements []struct {
		Vulnerability json.RawMessage   `json:"vulnerability"`
		Products      []json.RawMessage `json:"products"`
		Status        string            `json:"status"`
		Justification string            `json:"justification"`
		Impact        string            `json:"impact_statement"`
		Action        string            `json:"action_statement"`
	} `json:"statements"`
}

func readOpenVEX(b []byte) (*VEX, error) {
	var doc openVEX
	if err := json.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("reading OpenVEX: %w", err)
	}
	if len(doc.Statements) > maxStatements {
		return nil, fmt.Errorf("reading OpenVEX: more than %d statements", maxStatements)
	}
	v := &VEX{Format: "OpenVEX", ID: clip(doc.ID), Author: clip(doc.Author), Made: clip(doc.Timestamp)}
	for i := range doc.Statements {
		in := &doc.Statements[i]
		if !slices.Contains([]string{"not_affected", "affected", "fixed", "under_investigation"}, in.Status) {
			return nil, fmt.Errorf("reading OpenVEX: statement %d: %.40q is no status", i+1, in.Status)
		}
		s := Statement{Vulnerability: clip(named(in.Vulnerability, "name", "@id")), Status: in.Status,
			Justification: clip(in.Justification),
			Words:         clip(strings.TrimSpace(in.Impact + " " + in.Action)), Products: []string{}}
		for _, p := range in.Products[:min(len(in.Products), maxProducts)] {
			s.Products = append(s.Products, clip(named(p, "@id", "name")))
		}
		v.Statements = append(v.Statements, s)
	}
	return v, nil
}

// named is a text, or the first of some keys of an object that holds one.
func named(raw json.RawMessage, keys ...string) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return ""
	}
	for _, k := range keys {
		if json.Unmarshal(object[k], &text) == nil && text != "" {
			return text
		}
	}
	return ""
}
