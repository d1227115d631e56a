/// Tables of words and of numbers.
public enum Table {
    /// A plain table. Columns of numbers stand to the right.
    /// - Parameters:
    ///   - head: what the columns are.
    ///   - rows: as many cells each.
    ///   - numbers: which columns, from 0, hold numbers.
    public static func plain(head: [String], rows: [[String]], numbers: Set<Int> = []) -> HTML {
        func kind(_ column: Int) -> HTML { numbers.contains(column) ? " class=\"number\"" : .empty }
        let names = head.enumerated().map { column, name -> HTML in "<th scope=\"col\"\(kind(column))>\(name)</th>" }
        let lines = rows.map { row -> HTML in
            let cells = row.enumerated().map { column, cell -> HTML in "<td\(kind(column))>\(cell)</td>" }
            return "<tr>\(cells.joined())</tr>"
        }
        return """
            <div class="scroll"><table><thead><tr>\(names.joined())</tr></thead>\
            <tbody>\(lines.joined())</tbody></table></div>
            """
    }

    /// A table whose cells are the darker the larger their numbers: a confusion matrix, say.
    /// - Parameters:
    ///   - rows: names of the rows.
    ///   - columns: names of the columns.
    ///   - values: `[row][column]`, not negative.
    ///   - corner: what rows and columns are.
    ///   - byRow: whether the darkest is the largest of its row, rather than of the table.
    public static func heat(
        rows: [String], columns: [String], values: [[Double]], corner: String = "", byRow: Bool = false
    ) -> HTML {
        let finite = values.map { $0.map { $0.isFinite ? max(0, $0) : 0 } }
        let most = finite.joined().max() ?? 0
        let head = columns.map { name -> HTML in "<th scope=\"col\">\(name)</th>" }
        let lines = zip(rows, zip(values, finite)).map { name, pair -> HTML in
            let (row, known) = pair
            let top = max(byRow ? known.max() ?? 0 : most, .leastNonzeroMagnitude)
            let cells = zip(row, known).map { value, number -> HTML in
                let share = number / top
                let tint = Chart.number((share * 100).rounded() / 100 * 0.92 + 0.04)
                let ink: HTML = share > 0.85 ? " class=\"strong\"" : share > 0.62 ? " class=\"middle\"" : .empty
                return
                    "<td><span\(ink) style=\"background:rgb(var(--heat)/\(tint))\">\(Chart.number(value))</span></td>"
            }
            return "<tr><th scope=\"row\">\(name)</th>\(cells.joined())</tr>"
        }
        return """
            <div class="scroll"><table class="heat"><thead><tr><th>\(corner)</th>\(head.joined())</tr></thead>\
            <tbody>\(lines.joined())</tbody></table></div>
            """
    }
}
