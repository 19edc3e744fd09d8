// Package shape is what a contract says, apart from the language it was written in: events, who sends them, and how
// their values look on the wire.
//
// It holds data and touches nothing. It knows neither Go's syntax (package source reads that) nor the languages that are
// written (packages typescript and asyncapi).
package shape
