package soak

import (
	"bytes"
	"compress/flate"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/raw"
)

// bomb is what n MiB of zeros are compressed to.
func bomb(n int) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	w.Write(make([]byte, 1<<20))
	w.Flush()
	return bytes.TrimSuffix(bytes.Repeat(b.Bytes(), n), []byte("\x00\x00\xff\xff"))
}

// footprint is what the process holds, in bytes: live and dead objects, and all of its memory that is resident, which is
// 0 where the system does not tell.
func footprint() (objects, resident int64) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	if stat, err := os.ReadFile("/proc/self/statm"); err == nil {
		if fields := strings.Fields(string(stat)); len(fields) > 1 {
			pages, _ := strconv.ParseInt(fields[1], 10, 64)
			resident = pages * int64(os.Getpagesize())
		}
	}
	return int64(sample[0].Value.Uint64()), resident
}

// Many deflate bombs at once cost next to nothing, and each ends the connection that brought it with code 1009.
func TestDeflateBombs(t *testing.T) {
	start := time.Now()
	const room = 32 << 20
	clients, mib, waves := size(20, 50), size(16, 64), size(1, 20)
	_, addr := serve(t, &socketio.Options{Engine: engineio.Options{PerMessageDeflate: &engineio.PerMessageDeflate{}}})
	frame := raw.AppendFrame(nil, 0xc2, bomb(mib))

	debug.FreeOSMemory()
	objects, resident := footprint()
	var mostObjects, mostResident int64
	stop := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			o, r := footprint()
			mostObjects, mostResident = max(mostObjects, o-objects), max(mostResident, r-resident)
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	var closed atomic.Int64
	for range waves {
		var all sync.WaitGroup
		ready := make(chan struct{})
		for range clients {
			all.Go(func() {
				c, err := raw.Dial(addr)
				if err != nil {
					t.Error(err)
					return
				}
				defer c.Close()
				c.Send(raw.Handshake(raw.WebSocketTarget, "Sec-WebSocket-Extensions: permessage-deflate"))
				if r, err := c.Response(); err != nil || r.Header.Get("Sec-WebSocket-Extensions") == "" {
					t.Errorf("the extension was not agreed to: %v", err)
					return
				}
				<-ready
				c.Send(frame)
				if e, err := c.End(); err != nil || e.Code != 1009 {
					t.Errorf("ended with code %d, %v", e.Code, err)
					return
				}
				closed.Add(1)
			})
		}
		close(ready)
		all.Wait()
	}
	close(stop)
	watching.Wait()
	if mostObjects > room {
		t.Errorf("the heap grew by %d bytes", mostObjects)
	}
	if full() && mostResident > room { // under the race detector it says nothing
		t.Errorf("the process grew by %d bytes", mostResident)
	}
	if !t.Failed() {
		result(t, start, "%d times %d bombs of %d MiB at once: %d closed with 1009; the heap grew by %.1f MiB at most, the process by %.1f MiB",
			waves, clients, mib, closed.Load(), float64(mostObjects)/(1<<20), float64(mostResident)/(1<<20))
	}
}
