// Package msgpack is the dialect of the npm package socket.io-msgpack-parser: each packet is one binary message, a
// MessagePack map.
//
//	io := socketio.NewServer(&socketio.Options{Parser: msgpack.Dialect{}})
//
//	{type: 0, data: {token: "123"}, nsp: "/admin"}     connect to /admin, with credentials
//	{type: 2, data: ["file", <bytes>], id: 7, nsp: "/"} event with binary data that asks for an acknowledgement
//	{type: 3, data: [], id: 7, nsp: "/"}               its acknowledgement
//
// Both ends must have it: a client makes its manager with {parser: require("socket.io-msgpack-parser")}, and a server with
// this dialect understands no other client.
//
// The package knows MessagePack, JSON, and how one becomes the other: the rest of the library knows a packet as JSON with
// attachments (see [parser.Packet]). It refuses to know what carries the messages and what they mean. It touches memory
// only.
//
// # What a message may cost
//
// A message is read in one pass, without recursion, and refused at its first fault. Nothing is allocated on the word of a
// length: an array, map, text or binary value that claims more than the message holds is such a fault. The limits are those
// of [parser.Limits], with the same depth (512) and arguments (1,000). Binary values stand inside of the message that pays
// for them, so their number is no promise of memory: by default there may be 1,000 of them, in and out, where JSON has 10.
//
// A packet weighs in an inbox what its JSON weighs. That is about as much as the message for text and binary data, and up to
// five times as much for small numbers and nil.
//
// # Values
//
//   - Whole numbers keep all 64 bits, in both directions. A number that is whole but written with a fraction or an
//     exponent (1.0, 1e3) is sent as a whole number, as JavaScript would. NaN and infinities are received as null.
//   - bin, and the ext type 0 that notepack makes of an ArrayBuffer, are binary data. It is sent as bin.
//   - The Date of notepack and MessagePack's own timestamp (ext type -1) are received as what JSON.stringify makes of a
//     Date: "2017-07-14T02:40:00.000Z". The npm package gives the latter to its user as it is. A time.Time is sent as text,
//     as it is in JSON.
//   - Undefined, notepack's fixext of type 0, is received as JSON.stringify has it: null in an array, no member in an
//     object.
//   - Any other ext is received as notepack gives it to its user: an array of its type and its bytes.
//   - The key of a map may be a text, a number, a boolean or nil, and is received as JavaScript names a property after it.
//   - Text that is not UTF-8 is received with U+FFFD in it.
//   - A map that looks like the placeholder of an attachment is received as the map it is. In a packet that has binary data
//     as well, JSON with attachments has no words for it, and the packet is refused.
//
// # Where it differs from the npm package
//
// Nothing is accepted that socket.io-msgpack-parser 3.0.2 refuses. It accepts these packets, which are refused here:
//
//   - an event without a name, with a name that is neither text nor number, or with a reserved one;
//   - a namespace that does not begin with a slash, and a negative id;
//   - keys that are arrays, maps or binary data;
//   - look-alikes of placeholders beside binary data, and packets that exceed [parser.Limits].
package msgpack
