// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

// Suggest gives the known word nearest to what was written, "" when none is near: at most a third of
// its letters differ. Equal distances go to the first in order, so a message never varies.
func Suggest(word string, known []string) string {
	if len(word) == 0 || len(word) > 200 {
		return ""
	}
	best, at := "", len(word)/3+1
	var rows [3][]int
	for _, k := range known {
		if d := distance(&rows, word, k, at+1); d < at || d == at && best != "" && k < best {
			best, at = k, d
		}
	}
	return best
}

// DidYouMean is Suggest as a line of a hint; "" where nothing known is near.
func DidYouMean(word string, known []string) string {
	if s := Suggest(word, known); s != "" {
		return `did you mean "` + s + `"?`
	}
	return ""
}

// distance counts insertions, deletions, changes and swaps of neighbours (optimal string alignment); it
// gives limit as soon as the distance cannot be smaller. The rows are room to work in, kept from word to word.
func distance(rows *[3][]int, a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	for i := range rows {
		if rows[i] = rows[i][:0]; cap(rows[i]) <= len(b) {
			rows[i] = make([]int, 0, 2*len(b)+16)
		}
	}
	before, prev, row := rows[0][:len(b)+1], rows[1][:len(b)+1], rows[2][:len(b)+1]
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		low := i
		for j := 1; j <= len(b); j++ {
			change := prev[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, prev[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			low = min(low, row[j])
		}
		if low >= limit {
			return limit
		}
		before, prev, row = prev, row, before
	}
	return min(prev[len(b)], limit)
}
