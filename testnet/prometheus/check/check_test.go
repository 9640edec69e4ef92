// Package check reads the alert rules and the dashboards with Prometheus' own code: what promtool would say of them.
package check

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func TestTheRulesAreRead(t *testing.T) {
	groups, errs := rulefmt.ParseFile("../alerts.yml", false, model.UTF8Validation)
	for _, err := range errs {
		t.Error(err)
	}
	if groups == nil || len(groups.Groups) == 0 {
		t.Fatal("no rules")
	}
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			if rule.Alert == "" || rule.Labels["severity"] == "" || rule.Annotations["action"] == "" {
				t.Errorf("%s: an alert has a name, a severity and what to do: %+v", group.Name, rule)
			}
		}
	}
}

func TestARuleThatIsWrongIsRefused(t *testing.T) {
	wrong := []byte("groups: [{name: a, rules: [{alert: b, expr: 'rate(c[5m'}]}]")
	if _, errs := rulefmt.Parse(wrong, false, model.UTF8Validation); len(errs) == 0 {
		t.Fatal("it was read")
	}
}

func TestThePanelsAreRead(t *testing.T) {
	files, err := filepath.Glob("../../grafana/*.json")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var board any
		if err := json.Unmarshal(text, &board); err != nil {
			t.Fatal(file, err)
		}
		found := expressions(board)
		if len(found) == 0 {
			t.Error(file, "has no expression")
		}
		for _, expression := range found {
			// what Grafana puts in itself
			expression = strings.ReplaceAll(expression, "$__rate_interval", "1m")
			if _, err := parser.ParseExpr(expression); err != nil {
				t.Errorf("%s: %s: %v", file, expression, err)
			}
		}
	}
}

func expressions(value any) []string {
	var found []string
	switch value := value.(type) {
	case map[string]any:
		if expression, ok := value["expr"].(string); ok {
			found = append(found, expression)
		}
		for _, field := range value {
			found = append(found, expressions(field)...)
		}
	case []any:
		for _, item := range value {
			found = append(found, expressions(item)...)
		}
	}
	return found
}
