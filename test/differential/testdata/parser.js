// Runs socket.io-parser for a test. Each line of standard input is JSON, and is answered with one line:
//
//   ["d", frame, …]                   decodes the frames, each a text or ["base64"]; the answer has a word for each frame:
//                                     a packet, "wait" or "refused", after which the rest is left alone
//   ["e", type, nsp, id, data]        encodes a packet, in whose data {"$": "base64"} is binary; the answer is the frames
"use strict";
const { Decoder, Encoder } = require("socket.io-parser");

const bits = new DataView(new ArrayBuffer(8));

// A value as one word of ASCII, the same for equal values.
function word(v) {
	switch (typeof v) {
		case "undefined": return "u";
		case "boolean": return v ? "t" : "f";
		case "string": return quote(v);
		case "number":
			bits.setFloat64(0, v);
			return "#" + bits.getUint32(0).toString(16).padStart(8, "0") + bits.getUint32(4).toString(16).padStart(8, "0");
	}
	if (v === null) return "n";
	if (Buffer.isBuffer(v)) return "<" + v.toString("hex") + ">";
	if (Array.isArray(v)) return "[" + v.map(word).join(",") + "]";
	return "{" + Object.keys(v).map((k) => quote(k) + ":" + word(v[k])).sort().join(",") + "}";
}

function quote(s) {
	return '"' + s.replace(/[^\x20-\x7e]|["\\]/g, (c) => "\\" + c.charCodeAt(0).toString(16).padStart(4, "0")) + '"';
}

function decode(frames) {
	const decoder = new Decoder(), words = [];
	let packet;
	decoder.on("decoded", (p) => { packet = p; });
	for (const f of frames) {
		packet = undefined;
		try {
			decoder.add(typeof f === "string" ? f : Buffer.from(f[0], "base64"));
		} catch (e) {
			words.push("refused");
			break;
		}
		words.push(packet ? [packet.type, quote(packet.nsp), packet.id === undefined ? "-" : String(packet.id), word(packet.data)].join(" ") : "wait");
	}
	return words.join("\t");
}

// revive makes binary of what stands for it. It does not use JSON's reviver, which would lose a key named __proto__.
function revive(v) {
	if (v === null || typeof v !== "object") return v;
	if (Array.isArray(v)) return v.map(revive);
	if (typeof v.$ === "string") return Buffer.from(v.$, "base64");
	for (const k of Object.keys(v)) v[k] = revive(v[k]);
	return v;
}

function encode([type, nsp, id, data]) {
	const packet = { type, nsp };
	if (id !== null) packet.id = id;
	if (data !== null) packet.data = revive(data[0]);
	return JSON.stringify(new Encoder().encode(packet).map((f) => (typeof f === "string" ? f : [f.toString("base64")])));
}

let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
	const lines = (rest + chunk).split("\n");
	rest = lines.pop();
	let answers = "";
	for (const line of lines) {
		const [what, ...args] = JSON.parse(line);
		answers += (what === "d" ? decode(args) : encode(args)) + "\n";
	}
	if (answers && !process.stdout.write(answers)) {
		process.stdin.pause();
		process.stdout.once("drain", () => process.stdin.resume());
	}
});
