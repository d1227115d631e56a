/// A clip on a page with what a network went by in it: the clip plays, and below it stands what each frame adds.
public struct ExplainedClip: Sendable {
    /// The file, as the reader knows it.
    public var path: String
    /// The clip; nil where it cannot be shown.
    public var movie: Movie?
    /// What to say first, and strongest.
    public var label: String
    /// What else to say.
    public var remark: String
    /// How much each frame speaks for the label (above 0) or against it; empty for none.
    public var frames: [Double]
    /// What `frames` are, in a few words.
    public var caption: String

    public init(
        path: String, movie: Movie? = nil, label: String, remark: String = "", frames: [Double] = [],
        caption: String = ""
    ) {
        self.path = path
        self.movie = movie
        self.label = label
        self.remark = remark
        self.frames = frames
        self.caption = caption
    }

    fileprivate var html: HTML {
        let player: HTML = movie.map { $0.player(alternative: "Frames of \(path)") } ?? "<div class=\"blank\"></div>"
        let remark: HTML = remark.isEmpty ? .empty : " &middot; \(remark)"
        let bars: HTML = frames.isEmpty ? .empty : Chart.balance(frames, caption: caption)
        return """
            <div class="clip explained">\(player)\(bars)<span class="path">\(path)</span>\
            <p><b>\(label)</b>\(remark)</p></div>
            """
    }
}

extension HTML {
    /// Clips that play, in rows.
    public static func explained(_ clips: [ExplainedClip]) -> HTML {
        "\(Chart.balanceStyle)<div class=\"cards wide\">\(clips.map(\.html).joined())</div>"
    }
}
