package main

import (
	"testing"

	"github.com/socketio-go/socketio/test/chromium"
	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) { process.Main(m, main) }

// colored waits until so much is drawn, or nothing is.
const colored = `(want) => new Promise((done) => (function look() {
	const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
	pixels.some((v, i) => i % 4 === 3 && v > 0) === want ? done(true) : setTimeout(look, 20);
})())`

// What one draws the others see, also who comes later; and all see it go.
func TestEverybodyDrawsOnOneBoard(t *testing.T) {
	port := process.FreePort(t)
	process.Self(t, []string{"PORT=" + port}).AwaitPort(port)
	b := chromium.Start(t)
	visit := func() *chromium.Page {
		p := b.Page(t, "http://127.0.0.1:"+port)
		chromium.Eval[bool](p, `new Promise((done) => socket.connected ? done(true) : socket.on("connect", () => done(true)))`)
		return p
	}
	ann, bob := visit(), visit()
	ann.Run(`for (const [type, x] of [["pointerdown", 20], ["pointermove", 120], ["pointermove", 220]])
		canvas.dispatchEvent(new PointerEvent(type, { clientX: 30 + x, clientY: 150, buttons: 1, bubbles: true }))`)
	for _, p := range []*chromium.Page{ann, bob, visit()} {
		chromium.Eval[bool](p, "("+colored+")(true)")
	}
	if said := chromium.Eval[string](bob, `document.querySelector("#state").textContent`); said != "connected" {
		t.Errorf("the page says %q", said)
	}
	bob.Run(`document.querySelector("#clear").click()`)
	for _, p := range []*chromium.Page{ann, bob} {
		chromium.Eval[bool](p, "("+colored+")(false)")
	}
}
