package profile_test

import (
	"strings"
	"testing"

	"github.com/socketio-go/socketio/bench/profile"
)

// script is what perf script prints of eight samples.
const script = `
	ffffffff8226dbf9 _raw_spin_unlock_irqrestore ([kernel.kallsyms])
	ffffffff816d63c3 ksys_write ([kernel.kallsyms])
	ffffffff82259cc1 do_syscall_64 ([kernel.kallsyms])
	           1162e internal/runtime/syscall/linux.Syscall6 (/bin/ours)
	           9d6db syscall.write (/bin/ours)

	ffffffff8226dbf9 _raw_spin_unlock_irqrestore ([kernel.kallsyms])
	ffffffff816d63c3 __x64_sys_recvfrom ([kernel.kallsyms])

	ffffffff8226dbf9 clear_page_erms ([kernel.kallsyms])
	ffffffff816d63c3 asm_exc_page_fault ([kernel.kallsyms])
	           1162e runtime.memmove (/bin/ours)

	           1162e runtime.memmove (/bin/ours)
	           1162e github.com/socketio-go/socketio/engineio/transport/websocket.(*raw).write (/bin/ours)

	           1162e github.com/socketio-go/socketio.(*Socket).enqueue (/bin/ours)

	           1162e github.com/socketio-go/socketio.decode[github.com/socketio-go/socketio/parser.Packet] (/bin/ours)

	           1162e runtime.scanblock (/bin/ours)
	           1162e runtime.gcDrain (/bin/ours)

	           1162e runtime.lock2 (/bin/ours)
	           1162e runtime.findRunnable (/bin/ours)
	           1162e runtime.schedule (/bin/ours)
`

func TestPartsOfAProfile(t *testing.T) {
	p, err := profile.Read(strings.NewReader(script))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{
		"kernel: send": 1. / 8, "kernel: receive": 1. / 8, "kernel: memory": 1. / 8, "ours: engineio/transport/websocket": 1. / 8,
		"ours: socketio": 2. / 8, "Go: memory": 1. / 8, "Go: scheduler": 1. / 8,
	}
	for _, s := range p.Parts {
		if want[s.Name] != s.Of {
			t.Errorf("%s: %v, want %v", s.Name, s.Of, want[s.Name])
		}
		delete(want, s.Name)
	}
	if len(want) > 0 || p.Samples != 8 || p.Parts[0].Name != "ours: socketio" {
		t.Errorf("%d samples, %v; missing %v", p.Samples, p.Parts, want)
	}
	if first := p.Leaves[0]; first.Name != "_raw_spin_unlock_irqrestore" || first.Of != 2./8 {
		t.Errorf("most time in %v", first)
	}
}

func TestWhatIsNoProfile(t *testing.T) {
	if _, err := profile.Read(strings.NewReader("perf: no such file")); err == nil {
		t.Error("it was read")
	}
}
