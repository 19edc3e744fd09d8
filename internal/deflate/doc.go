// Package deflate compresses and inflates whole messages with bounded memory.
//
// It knows DEFLATE in the three wrappings that are in use here: bare, as permessage-deflate wants it (RFC 7692), and as
// the HTTP codings deflate and gzip; and which of the latter a request accepts. It touches nothing but the bytes it is
// given. It refuses to know frames, requests, and what is worth compressing.
//
//	compressor.go  [Compressor]: out
//	inflater.go    [Inflater]: in, never more than it is allowed to
//	coding.go      [Accepted]: which coding an HTTP client takes
//	workers.go     why neither takes more memory than there are processors to use it
package deflate
