// Package bundle makes the files that a browser gets out of the sources of the page, with esbuild. Neither Node nor the
// network is needed, and the same sources give the same bytes on every machine.
//
// It reads the sources of the page and of the browser client. It writes nothing: internal/write does.
package bundle
