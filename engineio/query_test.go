package engineio

import (
	"net/http"
	"net/url"
	"testing"
)

// The parameters of the protocol are what [url.ParseQuery] makes of them.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{
		"EIO=4&transport=polling&sid=abc", "EIO=4&EIO=3&transport=&sid", "%45IO=4&transport=web%73ocket&sid=a+b", "a;b=1&sid=x;y",
		"sid=%zz&sid=1", "%zz=1&b64=1", "&&=&EIO", "transport=a=b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got := newQuery(&http.Request{URL: &url.URL{RawQuery: raw}})
		want, _ := url.ParseQuery(raw)
		for name, p := range map[string]param{"transport": got.transport, "sid": got.sid, "EIO": got.eio, "b64": got.b64} {
			if p.n != len(want[name]) || p.value != want.Get(name) {
				t.Errorf("%s of %q: %+v, want %q", name, raw, p, want[name])
			}
		}
	})
}
