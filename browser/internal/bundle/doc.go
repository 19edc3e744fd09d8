// Package bundle makes the browser client's files out of its TypeScript sources.
//
// It knows the forms in which the client is published and the bundler, esbuild's Go API: no Node.js is needed to build
// the project. It reads the sources and returns bytes; it writes nothing.
package bundle
