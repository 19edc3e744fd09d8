package event

import (
	jsonv1 "encoding/json"
	"encoding/json/jsontext"
	"encoding/json/v2"
)

// options make encoding/json/v2 read and write as JavaScript does. The package comment lists what they can't do.
var options = json.JoinOptions(
	jsontext.AllowDuplicateNames(true),
	jsontext.AllowInvalidUTF8(true),
	json.MatchCaseInsensitiveNames(true),
	json.Deterministic(true),
	jsonv1.FormatDurationAsNano(true),
)
