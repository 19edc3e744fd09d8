package source

import (
	"go/constant"
	"go/types"
	"slices"
)

// The methods by which a type says itself how it is written and read, with their types.
var (
	jsonMethods = map[string]string{
		"MarshalJSON": "func() ([]byte, error)", "UnmarshalJSON": "func([]byte) error",
		"MarshalJSONTo": "func(*encoding/json/jsontext.Encoder) error", "UnmarshalJSONFrom": "func(*encoding/json/jsontext.Decoder) error",
	}
	textMethods = map[string]string{
		"MarshalText": "func() ([]byte, error)", "UnmarshalText": "func([]byte) error", "AppendText": "func([]byte) ([]byte, error)",
	}
)

// hasJSON tells whether T has JSON of its own, which only its author knows.
func hasJSON(T types.Type) bool { return hasAny(T, jsonMethods) }

// hasText tells whether T is written as a string.
func hasText(T types.Type) bool { return !hasJSON(T) && hasAny(T, textMethods) }

func hasAny(T types.Type, methods map[string]string) bool {
	if types.IsInterface(T) {
		return false
	}
	if _, pointer := T.Underlying().(*types.Pointer); !pointer {
		T = types.NewPointer(T)
	}
	for name, want := range methods {
		obj, _, _ := types.LookupFieldOrMethod(T, false, nil, name)
		if f, ok := obj.(*types.Func); ok && signature(f) == want {
			return true
		}
	}
	return false
}

// signature is the type of a method without the names of its parameters.
func signature(f *types.Func) string {
	s := f.Signature()
	bare := func(t *types.Tuple) *types.Tuple {
		vars := slices.Collect(t.Variables())
		for i, v := range vars {
			vars[i] = types.NewParam(v.Pos(), v.Pkg(), "", v.Type())
		}
		return types.NewTuple(vars...)
	}
	return types.TypeString(types.NewSignatureType(nil, nil, nil, bare(s.Params()), bare(s.Results()), s.Variadic()), nil)
}

// isByte tells whether T is byte itself: a slice of a type that is named otherwise is an array of numbers.
func isByte(T types.Type) bool {
	b, ok := types.Unalias(T).(*types.Basic)
	return ok && b.Kind() == types.Uint8
}

func constantOf(c *types.Const) any {
	if c.Val().Kind() == constant.Bool {
		return constant.BoolVal(c.Val())
	}
	return constant.StringVal(c.Val())
}
