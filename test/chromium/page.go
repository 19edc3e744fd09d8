package chromium

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Page is one page, in a profile of its own: it shares no cookies, storage or connections with any other. Its methods
// are for the goroutine of its test.
type Page struct {
	t      testing.TB
	ctx    context.Context
	cancel context.CancelFunc

	mu         sync.Mutex
	complaints []string // Guarded by mu.
}

// Page opens a URL and waits until it has loaded. The page is closed with t.
func (b *Browser) Page(t testing.TB, url string) *Page {
	t.Helper()
	p := &Page{t: t}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.listen))
	return p.open(ctx, cancel, url)
}

// Beside opens a URL in another tab, which shares storage and shared workers with the page. It is closed with the test, or
// before by Close.
func (p *Page) Beside(url string) *Page {
	p.t.Helper()
	q := &Page{t: p.t}
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithListener(q.listen))
	return q.open(ctx, cancel, url)
}

// Close closes the page as a user closes a tab. Nothing else can be done with it then.
func (p *Page) Close() { p.cancel() }

func (p *Page) open(ctx context.Context, cancel context.CancelFunc, url string) *Page {
	p.t.Helper()
	t := p.t
	t.Cleanup(cancel)
	p.ctx, p.cancel = ctx, cancel
	if err := chromedp.Do(ctx); err != nil { // without a deadline: the page lives as long as this context
		t.Fatalf("open a page: %v", err)
	}
	p.Do(chromedp.Navigate(url))
	return p
}

// Do runs actions of package chromedp in the page; the test fails when one does.
func (p *Page) Do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	_, err := run(p, chromedp.Steps(actions...))
	p.check(err)
}

// Eval evaluates a script, waits for its promise if it is one, and gives its value. The test fails when the script
// throws.
func Eval[T any](p *Page, script string) T {
	p.t.Helper()
	v, err := run(p, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	p.check(err)
	return v
}

// Run evaluates a script as [Eval] does, for its effect.
func (p *Page) Run(script string) {
	p.t.Helper()
	Eval[chromedp.Void](p, script)
}

// Back goes back in the history, and waits until the page that was there is shown: loaded anew, or as it was left.
func (p *Page) Back() {
	p.t.Helper()
	const where = `location.href`
	from := Eval[string](p, where)
	p.Run(`setTimeout(() => history.back()); void 0`)
	for late := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		// On the way there is no page to ask.
		at, err := run(p, chromedp.Evaluate[string](where))
		if err == nil && at != from {
			return
		}
		if time.Now().After(late) {
			p.t.Fatalf("still at %s: %v", from, err)
		}
	}
}

// Offline takes the page off the network or puts it back. Open connections carry nothing any more, and the page gets
// the event that a phone gives it.
func (p *Page) Offline(offline bool) {
	p.t.Helper()
	p.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		conditions := network.Conditions{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1}
		_, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule,
			network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&conditions}})
		if err != nil {
			return err
		}
		_, err = chromedp.Call(ctx, network.OverrideNetworkState,
			network.OverrideNetworkStateParams{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1})
		return err
	}))
}

// Complaints are the uncaught errors of the page so far, what it wrote with console.error, and what the browser says of
// it: requests that failed, scripts that were blocked.
func (p *Page) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.complaints)
}

func run[T any](p *Page, action chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, action)
}

func (p *Page) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%v\nthe page complained:\n%s", err, strings.Join(p.Complaints(), "\n"))
	}
}

// listen runs on the goroutine that reads the browser's messages.
func (p *Page) listen(event any) {
	var text string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text = (&chromedp.ExceptionError{ExceptionDetails: e.ExceptionDetails}).Error()
	case *runtime.EventConsoleAPICalled:
		if e.Type != runtime.ConsoleAPICalledTypeError {
			return
		}
		for _, a := range e.Args {
			text += string(a.Value) + a.Description + " "
		}
	case *log.EventEntryAdded:
		if e.Entry.Level != log.EntryLevelError {
			return
		}
		text = e.Entry.Text + " " + e.Entry.URL
	default:
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complaints = append(p.complaints, text)
}
