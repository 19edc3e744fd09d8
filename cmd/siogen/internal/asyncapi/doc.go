// Package asyncapi writes contracts as an AsyncAPI 3.0 document: a channel for each namespace, a message and an operation
// for each event, the acknowledgement as its reply, and a JSON Schema for what it carries.
//
// It turns data into text. It refuses to know Go, and where the text goes.
package asyncapi
