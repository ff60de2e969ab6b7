// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Search over window.writIndex: every word must be there, names count before places before texts.
"use strict";
(() => {
	const most = 100;
	const box = document.getElementById("q"), list = document.getElementById("results");
	const status = document.getElementById("status"), plain = document.getElementById("plain");
	const index = window.writIndex.map(([kind, id, href, place, text, more]) =>
		({ kind, id, href, place, text, low: [id, place, text + "\n" + more].map(s => s.toLowerCase()) }));

	const rank = (entry, words) => {
		let total = 1;
		for (const w of words) {
			const [id, place, rest] = entry.low;
			if (id === w) total += 8;
			else if (place === w) total += 6;
			else if (id.includes(w)) total += 3;
			else if (place.includes(w)) total += 2;
			else if (!rest.includes(w)) return 0;
		}
		return total;
	};

	const line = entry => {
		const li = document.createElement("li"), a = document.createElement("a"), meta = document.createElement("span");
		a.href = entry.href;
		a.textContent = entry.id;
		meta.className = "meta";
		meta.textContent = " " + [entry.kind, entry.place].filter(Boolean).join(", ");
		li.append(a, meta, document.createElement("br"), entry.text);
		return li;
	};

	const show = () => {
		const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
		plain.hidden = words.length > 0;
		if (words.length === 0) {
			list.replaceChildren();
			status.textContent = "Type to search in laws, provisions, controls and facts.";
			return;
		}
		const hits = index.map(e => [rank(e, words), e]).filter(h => h[0] > 0).sort((a, b) => b[0] - a[0]);
		list.replaceChildren(...hits.slice(0, most).map(h => line(h[1])));
		status.textContent = hits.length === 0 ? "Nothing holds all of these words." :
			hits.length + (hits.length === 1 ? " place holds" : " places hold") + " all of these words" +
			(hits.length > most ? "; the first " + most + " are shown." : ".");
	};

	document.getElementById("form").addEventListener("submit", e => { e.preventDefault(); show(); });
	box.addEventListener("input", show);
	box.value = new URLSearchParams(location.search).get("q") || "";
	show();
	box.focus();
})();
