/// A clip on a page: a few of its frames, its name, and what is to be said of it.
public struct ClipCard: Sendable {
    /// The file, as the reader knows it.
    public var path: String
    /// A picture of it, as a data URI; nil where there is none.
    public var picture: DataURI?
    /// What to say first, and strongest: its label, say.
    public var label: String
    /// What else to say.
    public var remark: String

    public init(path: String, picture: DataURI? = nil, label: String = "", remark: String = "") {
        self.path = path
        self.picture = picture
        self.label = label
        self.remark = remark
    }

    fileprivate var html: HTML {
        let image: HTML = picture.map { $0.image(alternative: "Frames of \(path)") } ?? "<div class=\"blank\"></div>"
        let label: HTML = label.isEmpty ? .empty : "<b>\(label)</b>"
        let gap: HTML = label.isEmpty || remark.isEmpty ? .empty : " &middot; "
        let words: HTML = label.isEmpty && remark.isEmpty ? .empty : "<p>\(label)\(gap)\(remark)</p>"
        return "<div class=\"clip\">\(image)<span class=\"path\">\(path)</span>\(words)</div>"
    }
}

/// Two clips that belong side by side.
public struct ClipPair: Sendable {
    /// What the two have to do with each other.
    public var title: String
    /// A word on it; empty for none.
    public var remark: String
    /// The one on the left.
    public var first: ClipCard
    /// The one on the right.
    public var second: ClipCard

    public init(_ title: String, remark: String = "", first: ClipCard, second: ClipCard) {
        self.title = title
        self.remark = remark
        self.first = first
        self.second = second
    }
}

extension HTML {
    /// Clips in rows.
    public static func clips(_ cards: [ClipCard]) -> HTML {
        "<div class=\"cards\">\(cards.map(\.html).joined())</div>"
    }

    /// Files of which there are no pictures, with what is to be said of each.
    public static func files(_ files: [(path: String, remark: String)]) -> HTML {
        let rows = files.map { file -> HTML in
            "<li><span class=\"path\">\(file.path)</span><p>\(file.remark)</p></li>"
        }
        return "<ul class=\"files\">\(rows.joined())</ul>"
    }

    /// Pairs of clips, one under the other.
    public static func pairs(_ pairs: [ClipPair]) -> HTML {
        let rows = pairs.map { pair -> HTML in
            let remark: HTML = pair.remark.isEmpty ? .empty : "<span>\(pair.remark)</span>"
            return """
                <div class="pair"><header><h3>\(pair.title)</h3>\(remark)</header>\
                <div>\(pair.first.html)\(pair.second.html)</div></div>
                """
        }
        return "<div class=\"pairs\">\(rows.joined())</div>"
    }

    /// What is not shown of a longer list; nothing where all is.
    public static func more(_ count: Int, of things: String) -> HTML {
        count > 0 ? "<p class=\"more\">And \(count) more \(things).</p>" : .empty
    }
}
