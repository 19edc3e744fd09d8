// Package check makes numbered messages and tells whether what comes back is what is due: it notices a message that was
// lost, repeated, out of order or altered. It also keeps the delays in [Delays].
//
// It does no input or output, and allocates nothing for a message.
package check
