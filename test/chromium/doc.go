// Package chromium runs pages in a real, headless Chromium in tests.
//
// It knows how to start the browser, open pages that share nothing, run scripts in them, take a page off the network and
// tell what the page complained about, and gives a page's site what most need: the client, and servers of the same origin.
// It refuses to know what the pages are.
//
// On a machine without Chromium a test that asks for it is skipped; see package nodejs for when that counts as failed.
package chromium
