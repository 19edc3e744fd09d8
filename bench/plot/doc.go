// Package plot draws bars and ranges as SVG, readable in light and dark.
//
// It writes text, and knows nothing of what the numbers mean.
package plot
