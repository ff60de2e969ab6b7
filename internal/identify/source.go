// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package identify

import (
	"bytes"
	"fmt"
	"go/format"
	"io/fs"
	"reflect"
)

// Source writes the signatures of a directory as the Go source that Carried gives: so they cost a start
// nothing to read. Make it again after a change: go generate ./internal/identify.
//
//go:generate go run ./gen signatures signatures.gen.go
func Source(fsys fs.FS, dir string) ([]byte, error) {
	files, err := read(fsys, dir)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("// SPDX-FileCopyrightText: The Writ authors\n// SPDX-License-Identifier: Apache-2.0\n\n" +
		"// Code generated from catalogue/devices; DO NOT EDIT.\n\npackage identify\n\nvar carried = []file{\n")
	for i := range files {
		f := &files[i]
		fmt.Fprintf(&b, "{name: %q,\n", f.name)
		list(&b, "Vendors: []vendor", f.Vendors)
		list(&b, "Modules: []string", f.Modules)
		list(&b, "Signatures: []Signature", f.Signatures)
		b.WriteString("},\n")
	}
	b.WriteString("}\n")
	return format.Source(b.Bytes())
}

// list writes the elements of a list, one a line.
func list[T any](b *bytes.Buffer, head string, all []T) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, "%s{\n", head)
	for _, x := range all {
		literal(b, reflect.ValueOf(x))
		b.WriteString(",\n")
	}
	b.WriteString("},\n")
}

// literal writes a string, a number, a list of strings, or the fields of a structure that are set.
func literal(b *bytes.Buffer, v reflect.Value) {
	if v.Kind() != reflect.Struct {
		fmt.Fprintf(b, "%#v", v.Interface())
		return
	}
	b.WriteByte('{')
	for i := range v.NumField() {
		if field := v.Type().Field(i); field.IsExported() && !v.Field(i).IsZero() {
			fmt.Fprintf(b, "%s: %#v,", field.Name, v.Field(i).Interface())
		}
	}
	b.WriteByte('}')
}
