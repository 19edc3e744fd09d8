// Package nothing has no contract.
package nothing
