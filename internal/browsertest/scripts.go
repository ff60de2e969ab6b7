// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package browsertest

import "strconv"

// Contrast is a script for WCAG 2.2's ratio of each kind of text to what lies behind it, over so many kinds
// at least.
func Contrast(kinds int) string {
	return contrast + "\nif (seen.size < " + strconv.Itoa(kinds) +
		") bad.push('only ' + seen.size + ' kinds of text were looked at')"
}

const contrast = `
const rgb = s => { const m = s.match(/[\d.]+/g).map(Number); return m.length < 4 || m[3] > 0 ? m.slice(0, 3) : null };
const part = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 };
const lum = c => { const [r, g, b] = c.map(part); return 0.2126*r + 0.7152*g + 0.0722*b };
const behind = e => {
	for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c) return c }
	return [255, 255, 255];
};
const seen = new Set();
for (const e of document.querySelectorAll('body *')) {
	const says = [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim());
	if (!says || e.tagName == 'title' || e.closest('noscript')) continue;
	const style = getComputedStyle(e), svg = e.namespaceURI.endsWith('svg');
	const k = e.tagName + ' ' + (e.getAttribute('class') || '') + ' ' + style.color + style.fill + behind(e);
	if (seen.has(k)) continue;
	seen.add(k);
	const a = lum(rgb(svg ? style.fill : style.color)), b = lum(behind(e));
	const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	if (ratio < 4.5) bad.push(k + ': ' + ratio.toFixed(2));
}`

// Structure is a script for what a keyboard and a screen reader hold on to on any page.
const Structure = `
let last = 0;
for (const h of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
	const n = Number(h.tagName[1]);
	if (n > last + 1 || (n == 1 && last)) bad.push('heading ' + h.textContent + ' has level ' + n + ' after ' + last);
	last = n;
}
for (const one of ['header', 'main', 'footer', 'h1', 'nav[aria-label]', 'html[lang]', 'title',
	'meta[http-equiv=Content-Security-Policy]'])
	if (document.querySelectorAll(one).length < 1) bad.push('no ' + one);
for (const e of document.querySelectorAll('[aria-labelledby]')) {
	const by = e.getAttribute('aria-labelledby');
	if (!document.getElementById(by)) bad.push('no label ' + by);
}
for (const t of document.querySelectorAll('table'))
	if (!t.caption) bad.push('a table without a caption: ' + t.textContent.slice(0, 60));
for (const t of document.querySelectorAll('th')) if (!t.scope) bad.push('a heading without a scope: ' + t.textContent);
for (const s of document.querySelectorAll('svg'))
	if (!s.closest('[aria-hidden]') && !s.getAttribute('aria-label')) bad.push('a picture without words');
for (const s of document.querySelectorAll('.scroll'))
	if (s.tabIndex != 0 || !s.getAttribute('aria-label'))
		bad.push('a keyboard cannot scroll ' + s.textContent.slice(0, 40));
for (const i of document.querySelectorAll('input')) if (!i.labels.length) bad.push('a field without a label');
const ids = new Set();
for (const e of document.querySelectorAll('[id]')) { if (ids.has(e.id)) bad.push('two of ' + e.id); ids.add(e.id) }`
