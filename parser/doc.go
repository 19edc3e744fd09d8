// Package parser turns text and binary messages into Socket.IO packets and back (Socket.IO protocol 5).
//
// The text of a packet is a header and JSON (Socket.IO protocol 5, "Packet encoding"):
//
//	<type>[<number of attachments>-][<namespace>,][<acknowledgement id>][JSON]
//
//	0                                   connect to the default namespace
//	0/admin,{"token":"123"}             connect to /admin, with credentials
//	1/admin,                            disconnect from /admin
//	2["hello",1]                        event
//	2/admin,456["delete",123]           event in /admin that asks for an acknowledgement
//	3/admin,456[]                       its acknowledgement
//	4/admin,{"message":"Not allowed"}   connection to /admin refused
//	51-["bin",{"_placeholder":true,"num":0}]    event; one binary message follows
//	61-7[{"_placeholder":true,"num":0}]         acknowledgement; one binary message follows
//
// The package knows this format, the grammar of JSON, and which payload each packet type may bear. A [Decoder] checks
// all of it in one pass over the text, without building values: the payload stays JSON until somebody wants it. So a
// hostile packet costs a scan and nothing else, and is refused before anything is allocated for it.
//
// It refuses to know what carries the messages, which namespaces exist, which packet may come when, and what the values
// mean. It touches no network, no clock, and starts no goroutine.
//
// # Where it differs from the JavaScript parser
//
// JSON is read as JSON.parse reads it, but for two liberties that JavaScript never meets or leaves open: invalid UTF-8
// passes (a JavaScript peer has replaced it before it parses), and so do duplicate names (JavaScript takes the last one).
//
// Nothing is accepted here that socket.io-parser 4.2.7 refuses. It accepts these packets, which are refused here:
//
//   - an empty text, or one that begins with a blank, which it takes for a CONNECT;
//   - an EVENT, ACK or CONNECT_ERROR, or their binary kin, without any payload (2, 31, 4);
//   - an id with blanks inside or before it (2 1["a"]), which it takes for digits, and blanks that JSON does not know;
//   - an id above 18446744073709551615, which it rounds;
//   - a number of attachments that is a number to JavaScript but not plain decimal digits (50x1-, 51e0-, 5+1-);
//   - attachments that no placeholder, or more than one, stands for, and a placeholder that holds an object or array, or
//     that a duplicate name takes back or hides;
//   - payloads nested deeper, or with more arguments, than [Limits] allow.
//
// And two it reads in another way: blanks alone before the JSON are the id 0 there and no id here (2 ["a"]), and an id
// above 2^53 is rounded there and exact here.
//
// The two are held against each other by test/differential; docs/parser-differences.md has the list, with reasons.
package parser
