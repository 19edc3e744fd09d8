package chat

import "time"

// UserID identifies a person for good. Ids are positive and never used twice.
type UserID int64

// User is a person in the chat. One user may have any number of tabs and devices.
type User struct {
	ID      UserID
	Name    string // as typed, cleaned by [CleanName]; unique by [NameKey]
	Created time.Time
}
