// Package stock is another package with types of the contract.
package stock

import "time"

// ID is the number of an item.
type ID int64

// Stamp says when something was.
type Stamp struct {
	At time.Time `json:"at"` // in UTC
}

// Item is another type of that name.
type Item struct {
	ID ID `json:"id"`
}
