// Lets a local network's clock be set forward: scripts/setup puts this file into CometBFT's package types/time, for networks that
// scripts/start makes and for nothing else.
//
// The time-locks of the constitution are code; no parameter shortens them. A block's time is what validators say it is, so a network
// whose validators all read their clock here gets past a time-lock by writing seconds into a file, and every contract sees a chain on which
// that time has passed.

package time

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// ahead is how far the clock is set forward: the number of seconds in the file that IZ_CLOCK names, nothing without one.
func ahead() time.Duration {
	path := os.Getenv("IZ_CLOCK")
	if path == "" {
		return 0
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
