package profile

import "strings"

// calls says what system calls are for, by name.
var calls = map[string]string{
	"write": "kernel: send", "writev": "kernel: send", "sendto": "kernel: send", "sendmsg": "kernel: send",
	"read": "kernel: receive", "readv": "kernel: receive", "recvfrom": "kernel: receive", "recvmsg": "kernel: receive",
	"epoll_wait": "kernel: wait", "epoll_pwait": "kernel: wait", "epoll_pwait2": "kernel: wait", "futex": "kernel: wait", "nanosleep": "kernel: wait",
	"accept4": "kernel: connections", "close": "kernel: connections", "epoll_ctl": "kernel: connections",
	"setsockopt": "kernel: connections", "shutdown": "kernel: connections", "getsockname": "kernel: connections",
	"madvise": "kernel: memory", "mmap": "kernel: memory", "munmap": "kernel: memory",
}

// entries begin the names of the functions in which the kernel serves a system call, or the larger part of it.
var entries = []string{"__x64_sys_", "__arm64_sys_", "ksys_", "__sys_", "do_"}

// module begins the names of our packages.
const module = "github.com/socketio-go/socketio"

// part names what a stack belongs to.
func part(stack []frame) string {
	if stack[0].kernel {
		return kernelPart(stack)
	}
	for _, f := range stack {
		switch name, _, _ := strings.Cut(f.symbol, "("); {
		case f.kernel:
		case collects(f.symbol):
			return "Go: memory"
		case schedules(f.symbol):
			return "Go: scheduler"
		case !strings.HasPrefix(name, "runtime.") && strings.Contains(name+"(", "."):
			return owner(f.symbol)
		}
	}
	return "Go: runtime"
}

// kernelPart goes by the system call; without one it was a fault, an interrupt or the way in.
func kernelPart(stack []frame) string {
	for _, f := range stack {
		if strings.HasSuffix(f.symbol, "page_fault") {
			return "kernel: memory"
		}
		for _, entry := range entries {
			if name, ok := strings.CutPrefix(f.symbol, entry); ok && calls[name] != "" {
				return calls[name]
			}
		}
	}
	return "kernel: others"
}

// collects reports whether a function gets memory or collects garbage, and schedules whether it looks for a goroutine to
// run.
func collects(symbol string) bool {
	return hasPrefix(symbol, "runtime.mallocgc", "runtime.newobject", "runtime.makeslice", "runtime.growslice", "runtime.gc", "runtime.bgs",
		"runtime.scan", "runtime.greyobject", "runtime.sweep", "runtime.(*mspan)", "runtime.(*mheap)", "runtime.(*mcache)", "runtime.(*mcentral)", "runtime.wbBuf")
}

func schedules(symbol string) bool {
	return hasPrefix(symbol, "runtime.schedule", "runtime.findRunnable", "runtime.mcall", "runtime.park_m", "runtime.gopark", "runtime.goready",
		"runtime.ready", "runtime.newproc", "runtime.goexit0", "runtime.execute", "runtime.netpoll", "runtime.exitsyscall", "runtime.entersyscall",
		"runtime.reentersyscall", "runtime.mstart", "runtime.sysmon", "runtime.morestack", "runtime.newstack", "runtime.casgstatus")
}

func hasPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// owner is the package of a function, ours without the module's path.
func owner(symbol string) string {
	slash := strings.LastIndex(symbol[:strings.IndexAny(symbol+"(", "([")], "/") + 1
	dot := strings.Index(symbol[slash:], ".")
	if dot < 0 {
		return symbol
	}
	path := symbol[:slash+dot]
	switch {
	case strings.HasPrefix(path, "internal/runtime/gc"):
		return "Go: memory"
	case strings.HasPrefix(path, "internal/runtime"), path == "sync/atomic":
		return "Go: runtime"
	}
	if ours, ok := strings.CutPrefix(path, module); ok {
		if ours == "" {
			return "ours: socketio"
		}
		return "ours: " + ours[1:]
	}
	return "Go: " + path
}
