// Package event is what happens between a packet and the user's code: arguments become JSON and back, and a name finds
// its handlers.
//
// It knows the values of Go, how they look to a JavaScript peer, and the table of handlers. It touches memory only. It
// refuses to know sockets, namespaces, and how a packet travels.
//
// # Values
//
// Arguments are written by [AppendEvent] and its sisters, and read through a [Value], which stays JSON until it is
// decoded. A value is written as encoding/json/v2 writes it: exported fields, json tags, MarshalJSON, MarshalText and
// MarshalJSONTo all count. On top of that:
//
//   - Binary. A []byte, and any other slice of bytes that has no JSON of its own, is an attachment (Socket.IO protocol 5,
//     "Packet encoding"), wherever it stands: nested, behind a pointer or an interface, in a struct, map or slice. A nil
//     one is an attachment without bytes, which omitzero leaves out and omitempty does not. json.RawMessage and
//     jsontext.Value are JSON. Arrays such as [16]byte are base64 text, as in encoding/json/v2, and so is what a type's
//     own MarshalJSON makes of its bytes.
//   - Attachments are copies of the arguments, so the caller may reuse its buffers. Decoded ones are not copies: they
//     share the memory of the packet, with no capacity beyond, and other decodings of the same value see changes.
//   - A [Value] is written as it came, its attachments renumbered. An object that reads {"_placeholder":true,…} can't
//     travel with attachments: no receiver could tell the two apart. That is an error.
//
// # JSON as JavaScript has it
//
// Reading follows JSON.parse and writing JSON.stringify where encoding/json/v2 is stricter or has another taste:
//
//   - duplicate names are accepted, and the last one counts;
//   - invalid UTF-8 is accepted and becomes U+FFFD, in both directions, and so does half a surrogate pair;
//   - names match the fields of a struct without regard to case, if none matches exactly;
//   - NaN and the infinities are written as null, and -0 as 0;
//   - the names of a map are written in sorted order, so that equal values are equal bytes;
//   - a time.Duration is its nanoseconds, as in encoding/json.
//
// These differences to JavaScript remain:
//
//   - a nil slice or map is [] or {}, and only a nil pointer or interface is null;
//   - functions and channels are an error, and JSON.stringify leaves them out; so is a struct that has unexported fields
//     only, most errors among them, which is {} there;
//   - integers beyond 2^53 are written with all their digits, which a JavaScript peer rounds;
//   - a number too large for its Go type is an error, also 1e400, which JSON.parse takes for Infinity;
//   - a number with a fraction or an exponent is no integer, although 1.0 and 1e2 are to JavaScript;
//   - a time.Time has up to nine digits of fraction and its offset; a Date has three and ends in Z;
//   - a string given to a []byte is read as base64.
package event
