// Package browser tests the browser client and the server together where it counts: in a page of a real Chromium, with
// the script that the server serves.
//
// It knows what a page can suffer: a server that restarts, a phone without a network, another origin, a strict content
// security policy, the end of the page itself. What a client and a server say to each other is the matter of
// package interop, which runs its cases with this client too.
package browser
