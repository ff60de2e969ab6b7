// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/examples"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/demo"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/proof"
)

func demoCommand(d *door) *cobra.Command {
	var dir string
	var f formatFlag
	c := &cobra.Command{
		Use:   "demo",
		Short: "A made-up hospital: its network, its verdicts, its report, its dossier",
		Long: `Make a made-up hospital's network as real packets, assess it by the law, and say what was found
and where the report and the dossier lie. Everything is written below one directory, which is
made anew.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return d.demo(c.Context(), dir, f.json()) },
	}
	c.Flags().StringVar(&dir, "dir", "writ-demo", "the directory to write to; an earlier demo in it is replaced")
	f.add(c, "text", "json")
	return c
}

// Names in the demo's directory.
const (
	demoCapture = "hospital.pcap"
	demoMended  = "hospital-mended.pcap" // the same ward two weeks later
	demoProfile = "hospital.yaml"
	demoCase    = "hospital.case"
	demoReport  = "hospital.html"
	demoDossier = "hospital.zip"
)

func (d *door) demo(ctx context.Context, dir string, json bool) error {
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := clearDemo(dir); err != nil {
		return err
	}
	d.step("making a hospital's network: a day and an hour on a ward")
	frames := 0
	for name, make := range map[string]func(io.Writer) (int, error){demoCapture: demo.Capture, demoMended: demo.Mended} {
		err := writeFile(at(name), 0o644, func(f *os.File) error {
			n, err := make(f)
			if name == demoCapture {
				frames = n
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	b, err := examples.FS.ReadFile("hospital.yaml")
	if err != nil {
		return err
	}
	if err := os.WriteFile(at(demoProfile), b, 0o644); err != nil {
		return fmt.Errorf("writing the profile: %w", err)
	}
	d.step(fmt.Sprintf("assessing %d frames for a hospital in the EU that runs a clinic in the US", frames))
	q := &question{profile: at(demoProfile), caseDir: at(demoCase)}
	a, err := d.assess(ctx, []string{at(demoCapture)}, q, false)
	if err != nil {
		return err
	}
	d.step("writing the report and the dossier")
	if err := writeFile(at(demoReport), 0o644, func(f *os.File) error { return report.HTML(f, a) }); err != nil {
		return err
	}
	c, err := d.openCase(ctx, at(demoCase), false)
	if err != nil {
		return err
	}
	err = d.dossier(ctx, c, q, at(demoDossier), handed{names: true})
	if e := c.Close(ctx); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if json {
		return d.json(demoOf(dir, frames, a, c.Key()))
	}
	if err := report.Text(d.out, a, d.width); err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.out, `
The hospital is made up; its packets are those of real protocols. Look on:
  the page for people        %[1]s
  one verdict to its frames  writ why --case %[2]s %[3]s
  the dossier for auditors   writ verify --key %[4]s %[5]s
  another law day            writ report --case %[2]s --as-of 2027-12-11
  what to do first           writ plan --case %[2]s
  what must be reported      writ incident propose --case %[2]s
  two weeks later, mended    writ assess --case %[2]s --profile %[6]s %[7]s
`, at(demoReport), at(demoCase), demoVerdict(a), c.Key().ID(), at(demoDossier), at(demoProfile), at(demoMended))
	return err
}

// demoMade is what a program is told of a demo (docs/schema/demo.schema.json).
type demoMade struct {
	Directory      string             `json:"directory"`
	Capture        string             `json:"capture"`
	Profile        string             `json:"profile"`
	Case           string             `json:"case"`
	Report         string             `json:"report"` // the page for people
	Dossier        string             `json:"dossier"`
	KeyID          string             `json:"key_id"` // by which the dossier is signed
	Frames         int                `json:"frames"` // of the capture
	Devices        int                `json:"devices"`
	Catalogue      proof.CatalogueRef `json:"catalogue"`
	Day            string             `json:"day"`
	Counts         judge.Counts       `json:"counts"`          // duties of the hospital that must be met
	SupplierCounts judge.Counts       `json:"supplier_counts"` // of those who made and sold what it runs
	Verdicts       int                `json:"verdicts"`
	Ask            string             `json:"ask"` // a verdict to ask writ why about first
}

func demoOf(dir string, frames int, a *assess.Assessment, key proof.Key) demoMade {
	at := func(name string) string { return filepath.Join(dir, name) }
	return demoMade{Directory: dir, Capture: at(demoCapture), Profile: at(demoProfile), Case: at(demoCase),
		Report: at(demoReport), Dossier: at(demoDossier), KeyID: key.ID(), Frames: frames, Devices: len(a.Things),
		Catalogue: refOf(a.Catalogue), Day: a.Day.String(), Counts: a.Result.Own, SupplierCounts: a.Result.Supplier,
		Verdicts: len(a.Result.Verdicts), Ask: demoVerdict(a)}
}

// demoVerdict is the verdict to ask about first: patient data in clear, under the rule that asks for a
// documented decision.
func demoVerdict(a *assess.Assessment) string {
	const provision = "us/hipaa-security/164.312/e/2/ii"
	for i := range a.Result.Verdicts {
		if v := &a.Result.Verdicts[i]; v.Provision.ID == provision && slices.Contains(v.Flags,
			judge.BreachIndicated) {
			return v.ID()
		}
	}
	return provision
}

// clearDemo removes an earlier demo, and nothing else: a directory that holds anything but a demo is refused.
func clearDemo(dir string) error {
	known := map[string]bool{demoCapture: true, demoMended: true, demoProfile: true, demoCase: true, demoReport: true,
		demoDossier: true}
	left, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("looking at %s: %w", dir, err)
	}
	// A demo writes its capture first: what lies there without one is somebody's own, whatever its name.
	whole := slices.ContainsFunc(left, func(e os.DirEntry) bool { return e.Name() == demoCapture })
	for _, e := range left {
		if !known[e.Name()] || !whole {
			return fmt.Errorf("%s holds %s, which no demo wrote: name another directory with --dir", dir, e.Name())
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("removing an earlier demo: %w", err)
	}
	return os.MkdirAll(dir, 0o755)
}

// step says what is being done, where a person is watching.
func (d *door) step(what string) {
	if d.errTTY {
		fmt.Fprintln(d.err, what)
	}
}
