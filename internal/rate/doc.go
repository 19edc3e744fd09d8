// Package rate says how often something may happen, with token buckets that are one number each.
//
// It knows time as what its callers tell it. It refuses to know what is limited, and what becomes of what is too much.
package rate
