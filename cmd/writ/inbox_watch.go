// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/inbox"
	"github.com/writ-iot/writ/internal/kind"
)

func inboxWatchCommand(d *door) *cobra.Command {
	var in intakeFlags
	w := watch{folder: inbox.Folder{}}
	c := &cobra.Command{
		Use: "watch DIR", Short: "Take in what appears in a folder, until stopped",
		Long: `Take in what appears in a folder, until stopped. A file is taken in once it has not changed for a
while; hidden files, links, and what has the name of something unfinished are passed by. Nothing is moved
or removed unless --move-to says so, and then only after it is durable in the case. After a restart what
was taken in before is known by its bytes. The case is open only while something is taken in.`,
		Example: `  writ inbox watch --case hospital.case --by "scanner, ward 3" /srv/scans
  writ inbox watch --case hospital.case --by "nightly run" --once --move-to /srv/done /srv/scans`,
		Args: one("which folder?"),
		RunE: func(c *cobra.Command, args []string) error {
			w.folder.Dir, w.in, w.door = args[0], &in, d
			return w.run(c.Context())
		},
	}
	in.add(c)
	f := c.Flags()
	f.DurationVar(&w.every, "every", 5*time.Second, "look this often")
	f.DurationVar(&w.folder.Settle, "settle", 5*time.Second, "take a file in once it has not changed for so long")
	f.StringVar(&w.moveTo, "move-to", "", "move what was taken in to this folder")
	f.BoolVar(&w.once, "once", false, "end when what lies there now is taken in")
	w.format.add(c, "text", "json") // a list for each file that is taken in
	return c
}

// watch takes in what appears in a folder.
type watch struct {
	door   *door
	folder inbox.Folder
	in     *intakeFlags
	trust  inbox.Trust
	every  time.Duration
	moveTo string
	once   bool
	format formatFlag
}

func (w *watch) run(ctx context.Context) error {
	switch {
	case w.in.caseDir == "":
		return errors.New("which case? name it with --case")
	case !casefile.Exists(w.in.caseDir):
		return kind.Errorf(kind.NotFound, "no case lies in %s", w.in.caseDir)
	case w.in.by == "":
		return errors.New("who takes things in? say so with --by")
	case w.every < 10*time.Millisecond || w.folder.Settle < 0:
		return errors.New("--every: want 10ms or more, and --settle no less than nothing")
	}
	if w.moveTo != "" {
		if err := directory("move-to", w.moveTo); err != nil {
			return err
		}
	}
	var err error
	if w.trust, err = w.in.trust(ctx); err != nil {
		return err
	}
	for looks := 1; ; looks++ {
		ready, err := w.folder.Ready(w.door.now())
		if err != nil {
			return err
		}
		left := w.take(ctx, ready)
		if n := w.folder.Waiting(); w.once && left == nil && (n == 0 || looks >= maxLooks) {
			if n > 0 {
				w.door.warn(fmt.Sprintf("%d files in %s are still being written: a later run takes them in", n, w.folder.Dir))
			}
			return nil
		}
		if left != nil && kind.Of(left) != kind.Conflict {
			return left
		}
		if err := pause(ctx, w.wait(looks)); err != nil {
			return err
		}
	}
}

// maxLooks is how often a single run looks for files to settle.
const maxLooks = 20

// wait is how long until the next look; a single run waits only until files can have settled.
func (w *watch) wait(looks int) time.Duration {
	if w.once && looks == 1 {
		return w.folder.Settle + 10*time.Millisecond
	}
	return w.every
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// take takes files in. A case that another process has open is tried again at the next look.
func (w *watch) take(ctx context.Context, paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	err := w.door.inCase(ctx, w.in.caseDir, func(c *casefile.Case) error {
		for _, path := range paths {
			if err := w.one(ctx, c, path); err != nil {
				return err
			}
		}
		return nil
	})
	if kind.Of(err) == kind.Conflict {
		w.door.warn(fmt.Sprintf("the case is open elsewhere: what lies in %s is taken in later", w.folder.Dir))
	}
	return err
}

// one takes one file in. What is wrong with a file is said, and the others go on; what is wrong with the case ends
// the run.
func (w *watch) one(ctx context.Context, c *casefile.Case, path string) error {
	b, err := inbox.ReadFile(path, w.in.limit())
	if err != nil {
		w.door.warn(err.Error())
		w.folder.Done(path)
		return nil
	}
	if !w.folder.Same(path) {
		return nil // it changed while it was read: later
	}
	taken, err := inbox.Add(ctx, c, path, b, w.in.by, w.trust)
	if err != nil {
		return err
	}
	w.folder.Done(path)
	if err := w.door.takenIn(taken, &w.format); err != nil || w.moveTo == "" {
		return err
	}
	if err := inbox.Move(path, w.moveTo); err != nil {
		w.door.warn(err.Error())
	}
	return nil
}
