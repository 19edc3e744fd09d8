package event

// Failure is what a handler that failed answers with: {"error":{"message":…}}. Both sides write it, and both read it.
type Failure struct {
	Error FailureText `json:"error"`
}

// FailureText is what the other side may know of the error.
type FailureText struct {
	Message string `json:"message"`
}

// Failed makes the answer of a handler that failed.
func Failed(message string) Failure { return Failure{FailureText{message}} }

// FailureOf returns the message of an answer that is a [Failure]. An answer with more values, or without a message that is
// a string, is none.
func FailureOf(values []Value) (message string, failed bool) {
	if len(values) != 1 {
		return "", false
	}
	raw := values[0].Raw()
	if len(raw) == 0 || raw[0] != '{' {
		return "", false
	}
	var f struct {
		Error *struct {
			Message *string `json:"message"`
		} `json:"error"`
	}
	if values[0].Decode(&f) != nil || f.Error == nil || f.Error.Message == nil {
		return "", false
	}
	return *f.Error.Message, true
}
