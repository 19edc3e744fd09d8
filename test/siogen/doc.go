// Package siogen holds what siogen writes against those who read it: the TypeScript compiler with the types of the official
// client and of ours, the schema of AsyncAPI, and real packets on the wire.
//
// It is tests and nothing else. The packages that it needs besides are in package.json.
package siogen
