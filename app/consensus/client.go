package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"
	"strings"
	"sync"
	"time"

	abcicli "github.com/cometbft/cometbft/abci/client"
	"github.com/cometbft/cometbft/abci/types"
	cmtnet "github.com/cometbft/cometbft/libs/net"
	"github.com/cometbft/cometbft/libs/service"
)

const (
	// How many requests may wait to be written.
	queued = 256
	// What is gathered in memory before it is written, and what one read asks for.
	chunk = 1 << 16
	// How long to wait before the application is tried again.
	retry = 500 * time.Millisecond
)

var errStopped = errors.New("the connection to the application was closed")

// client speaks ABCI over a socket as CometBFT's own client does, except for when it writes: at once when no further request waits,
// and never by a timer. See docs/adr/0007.
type client struct {
	service.BaseService
	address     string
	mustConnect bool
	queue       chan *abcicli.ReqRes

	mutex    sync.Mutex
	conn     net.Conn
	sent     []*abcicli.ReqRes // written and not answered, oldest first
	failure  error
	callback abcicli.Callback
}

var _ abcicli.Client = (*client)(nil)

func newClient(address string, mustConnect bool) *client {
	c := &client{address: address, mustConnect: mustConnect, queue: make(chan *abcicli.ReqRes, queued)}
	c.BaseService = *service.NewBaseService(nil, "abciClient", c)
	return c
}

func (c *client) OnStart() error {
	conn, err := cmtnet.Connect(c.address)
	for err != nil {
		if c.mustConnect {
			return err
		}
		c.Logger.Error("the application does not answer yet", "address", c.address, "err", err)
		time.Sleep(retry)
		conn, err = cmtnet.Connect(c.address)
	}
	c.mutex.Lock()
	c.conn = conn
	c.mutex.Unlock()
	go c.write(conn)
	go c.read(conn)
	return nil
}

// OnStop releases everyone who waits for an answer; they find the reason in Error.
func (c *client) OnStop() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.conn != nil {
		_ = c.conn.Close()
	}
	if c.failure == nil {
		c.failure = errStopped
	}
	for _, waiting := range c.sent {
		waiting.Done()
	}
	c.sent = nil
}

func (c *client) Error() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if errors.Is(c.failure, errStopped) {
		return nil // it was asked for
	}
	return c.failure
}

func (c *client) SetResponseCallback(callback abcicli.Callback) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.callback = callback
}

// fail stops the client, which CometBFT watches: it ends the node.
func (c *client) fail(err error) {
	c.mutex.Lock()
	if c.failure == nil {
		c.failure = err
	}
	c.mutex.Unlock()
	if c.IsRunning() {
		c.Logger.Error("the connection to the application fails", "err", err)
		_ = c.Stop()
	}
}

// write sends requests in their order, and those that wait together. Nothing but the end of the client ends it, so that no request
// is left in the queue with somebody waiting for it.
func (c *client) write(conn net.Conn) {
	out := bufio.NewWriterSize(conn, chunk)
	for {
		select {
		case request := <-c.queue:
			err := c.put(out, request)
			if err == nil && len(c.queue) == 0 {
				err = c.send(out, request)
			}
			if err != nil {
				c.fail(fmt.Errorf("cannot write to the application: %w", err))
			}
		case <-c.Quit():
			c.refuseQueue()
			return
		}
	}
}

func (c *client) put(out *bufio.Writer, request *abcicli.ReqRes) error {
	if !c.track(request) {
		return nil
	}
	return types.WriteMessage(request.Request, out)
}

// send sends what was put, and asks the application to send its answers: many hold them back until then.
func (c *client) send(out *bufio.Writer, last *abcicli.ReqRes) error {
	if _, ok := last.Request.Value.(*types.Request_Flush); !ok {
		if err := c.put(out, abcicli.NewReqRes(types.ToRequestFlush())); err != nil {
			return err
		}
	}
	return out.Flush()
}

// track remembers a request before it is written: the answer may come before the write returns.
func (c *client) track(request *abcicli.ReqRes) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.failure != nil {
		request.Done()
		return false
	}
	c.sent = append(c.sent, request)
	return true
}

func (c *client) refuseQueue() {
	for {
		select {
		case request := <-c.queue:
			request.Done()
		default:
			return
		}
	}
}

func (c *client) read(conn net.Conn) {
	in := bufio.NewReaderSize(conn, chunk)
	for c.IsRunning() {
		response := &types.Response{}
		if err := types.ReadMessage(in, response); err != nil {
			c.fail(fmt.Errorf("cannot read from the application: %w", err))
			return
		}
		if exception := response.GetException(); exception != nil {
			c.fail(errors.New(exception.Error))
			return
		}
		if err := c.answer(response); err != nil {
			c.fail(err)
			return
		}
	}
}

// answer hands a response to the oldest request.
func (c *client) answer(response *types.Response) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if len(c.sent) == 0 {
		return fmt.Errorf("the application answered %T when nothing was asked", response.Value)
	}
	request := c.sent[0]
	if !answers(response, request.Request) {
		return fmt.Errorf("the application answered %T to %T", response.Value, request.Request.Value)
	}
	c.sent = c.sent[1:]
	request.Response = response
	request.Done()
	if c.callback != nil {
		c.callback(request.Request, response)
	}
	request.InvokeCallback()
	return nil
}

// answers tells whether a response is of the kind that was asked for: Request_Info is answered by Response_Info, and so on.
func answers(response *types.Response, request *types.Request) bool {
	if _, ok := request.Value.(*types.Request_CheckTx); ok {
		_, ok = response.Value.(*types.Response_CheckTx)
		return ok
	}
	kind := func(value any, prefix string) string {
		return strings.TrimPrefix(reflect.TypeOf(value).Elem().Name(), prefix)
	}
	return response.Value != nil && kind(request.Value, "Request_") == kind(response.Value, "Response_")
}

// enqueue hands a request to the writer.
func (c *client) enqueue(ctx context.Context, request *types.Request) (*abcicli.ReqRes, error) {
	waiting := abcicli.NewReqRes(request)
	select {
	case c.queue <- waiting:
	case <-c.Quit():
		return nil, errStopped
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case <-c.Quit():
		// the writer may be gone
		c.refuseQueue()
	default:
	}
	return waiting, nil
}

// ask waits for the answer too.
func (c *client) ask(ctx context.Context, request *types.Request) (*types.Response, error) {
	waiting, err := c.enqueue(ctx, request)
	if err != nil {
		return nil, err
	}
	waiting.Wait()
	if err := c.Error(); err != nil {
		return nil, err
	}
	if waiting.Response == nil {
		return nil, errStopped
	}
	return waiting.Response, nil
}
