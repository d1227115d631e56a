/// A figure that stands for itself, with what it is and a word on it.
public struct Tile: Sendable {
    /// What it is.
    public var name: String
    /// The figure.
    public var value: String
    /// A word on it; empty for none.
    public var remark: String

    public init(_ name: String, _ value: String, remark: String = "") {
        self.name = name
        self.value = value
        self.remark = remark
    }
}

extension HTML {
    /// Figures side by side.
    public static func tiles(_ tiles: [Tile]) -> HTML {
        let cells = tiles.map { tile -> HTML in
            let remark: HTML = tile.remark.isEmpty ? .empty : "<small>\(tile.remark)</small>"
            return "<div class=\"tile\"><dt>\(tile.name)</dt><dd>\(tile.value)\(remark)</dd></div>"
        }
        return "<dl class=\"tiles\">\(cells.joined())</dl>"
    }

    /// A paragraph.
    public static func paragraph(_ text: String) -> HTML { "<p>\(text)</p>" }

    /// Charts side by side where there is room.
    public static func charts(_ charts: [HTML]) -> HTML { "<div class=\"charts\">\(charts.joined())</div>" }
}
