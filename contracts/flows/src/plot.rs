//! A line chart as SVG, without anything that differs between two runs.

use std::fmt::Write;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 200.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 60.0;
const COLOURS: [&str; 6] = ["#0b6e99", "#c4501b", "#4f7a28", "#7a3fa0", "#8a6d1d", "#555555"];

pub struct Line {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

pub struct Chart {
    pub title: String,
    pub x_name: String,
    pub y_name: String,
    /// Where the axes have marks, and what stands there.
    pub x_marks: Vec<(f64, String)>,
    pub y_marks: Vec<(f64, String)>,
    pub lines: Vec<Line>,
}

impl Chart {
    pub fn svg(&self) -> String {
        let (x, y) = (self.scale(|(x, _)| *x, &self.x_marks), self.scale(|(_, y)| *y, &self.y_marks));
        let across = |value: f64| LEFT + (value - x.0) / (x.1 - x.0) * (WIDTH - LEFT - RIGHT);
        let up = |value: f64| HEIGHT - BOTTOM - (value - y.0) / (y.1 - y.0) * (HEIGHT - TOP - BOTTOM);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n"
        );
        text(&mut svg, WIDTH / 2.0, 24.0, "middle", &self.title);
        text(&mut svg, LEFT + (WIDTH - LEFT - RIGHT) / 2.0, HEIGHT - 16.0, "middle", &self.x_name);
        text(&mut svg, LEFT, TOP - 10.0, "middle", &self.y_name);
        for (value, name) in &self.x_marks {
            let place = across(*value);
            stroke(&mut svg, &[(place, TOP), (place, HEIGHT - BOTTOM)], "#e4e4e4", 1.0);
            text(&mut svg, place, HEIGHT - BOTTOM + 18.0, "middle", name);
        }
        for (value, name) in &self.y_marks {
            let place = up(*value);
            stroke(&mut svg, &[(LEFT, place), (WIDTH - RIGHT, place)], "#e4e4e4", 1.0);
            text(&mut svg, LEFT - 8.0, place + 4.0, "end", name);
        }
        for (number, line) in self.lines.iter().enumerate() {
            let colour = COLOURS[number % COLOURS.len()];
            let points: Vec<_> = line.points.iter().map(|(x, y)| (across(*x), up(*y))).collect();
            stroke(&mut svg, &points, colour, 2.0);
            let end = points.last().copied().unwrap_or((LEFT, TOP));
            text(&mut svg, end.0 + 8.0, end.1 + 4.0, "start", &line.name);
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// From the least to the largest of points and marks.
    fn scale(&self, of: impl Fn(&(f64, f64)) -> f64, marks: &[(f64, String)]) -> (f64, f64) {
        let points = self.lines.iter().flat_map(|line| &line.points).map(of);
        let values: Vec<f64> = points.chain(marks.iter().map(|(value, _)| *value)).collect();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if most > least { (least, most) } else { (least - 1.0, least + 1.0) }
    }
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
    let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    // Writing to a string does not fail.
    let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>");
}

fn stroke(svg: &mut String, points: &[(f64, f64)], colour: &str, width: f64) {
    let places: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let _ = writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>",
        places.join(" ")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lie_where_their_marks_say() {
        let chart = Chart {
            title: "a < b".into(),
            x_name: "x".into(),
            y_name: "y".into(),
            x_marks: vec![(0.0, "0".into()), (10.0, "10".into())],
            y_marks: vec![(0.0, "0".into()), (1.0, "1".into())],
            lines: vec![Line { name: "rising".into(), points: vec![(0.0, 0.0), (10.0, 1.0)] }],
        };
        let svg = chart.svg();
        assert!(svg.contains("a &lt; b"));
        assert!(svg.contains("points=\"70.0,340.0 520.0,50.0\""), "{svg}");
    }
}
