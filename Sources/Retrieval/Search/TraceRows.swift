/// The looks of a video's frames by views, whitened.
struct TraceRows: Sendable {
    /// In the order of `FrameView`.
    let views: [FrameRows]

    init(_ trace: FrameTrace, _ whitening: Whitening) {
        views = (0..<trace.views).map { FrameRows(trace, view: $0, whitening) }
    }

    /// How many frames there are.
    var count: Int { views.first?.count ?? 0 }

    /// Bytes.
    var size: Int { views.reduce(0) { $0 + $1.size } }

    /// A view of one video's frames beside a view of another's.
    struct Pairing: Hashable {
        var query: Int
        var other: Int

        static let wholes = Pairing(query: 0, other: 0)

        /// Whether one of them is not the whole.
        var isOfParts: Bool { query != 0 || other != 0 }
    }

    /// Which views may show the same: the wholes, first; each view of the one and the other's whole, where one is cropped; the
    /// same part of both, where another part is covered; and a large part of the query, cropped as it is, and any part of the
    /// other.
    func pairings(with other: TraceRows) -> [Pairing] {
        guard !views.isEmpty, !other.views.isEmpty else { return [] }
        var pairings = FrameView.kept.map { Pairing(query: 0, other: $0.rawValue) }
        pairings += FrameView.kept.dropFirst().map { Pairing(query: $0.rawValue, other: 0) }
        for part in FrameView.parts {
            for same in Set([part, part.mirrored]).sorted(by: { $0.rawValue < $1.rawValue }) {
                pairings.append(Pairing(query: part.rawValue, other: same.rawValue))
            }
        }
        for large in FrameView.largeParts {
            pairings += FrameView.parts.map { Pairing(query: large.rawValue, other: $0.rawValue) }
        }
        return pairings.filter { views.indices.contains($0.query) && other.views.indices.contains($0.other) }
    }
}
