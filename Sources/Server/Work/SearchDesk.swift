internal import Foundation
internal import Retrieval

/// The index as searches see it, brought up to date with what others add to it. For one thread.
final class SearchDesk {
    let catalogue: Catalogue
    private let index: SearchIndex
    private var search: MomentSearch
    private var state: State
    private var looked = ContinuousClock.now
    private var fitted: (labels: Int, tagger: Tagger)?

    private struct State: Equatable {
        var newest: Int64
        var videos: Int
    }

    init(folder: String) throws {
        index = try SearchIndex(opening: folder)
        catalogue = index.catalogue
        search = try MomentSearch(index)
        state = try Self.state(catalogue)
    }

    private static func state(_ catalogue: Catalogue) throws -> State {
        State(newest: try catalogue.newestSegment(), videos: try catalogue.videoCount())
    }

    /// The search, over what is there now.
    func current() throws -> MomentSearch {
        // Looking costs little, and is not worth it for each of a hundred requests a second.
        if looked.duration(to: .now) > .seconds(1) {
            looked = .now
            let now = try Self.state(catalogue)
            if now != state {
                try index.update()
                search = try MomentSearch(index)
                state = now
            }
        }
        return search
    }

    /// The classifier of the labels that there are; nil where none was given.
    func tagger() throws -> Tagger? {
        let labels = try catalogue.givenLabels()
        guard !labels.isEmpty else { return nil }
        let digest = labels.reduce(into: Hasher()) {
            $0.combine($1.segment)
            $0.combine($1.name)
        }.finalize()
        if let fitted, fitted.labels == digest { return fitted.tagger }
        let tagger = try Tagger(catalogue)
        fitted = (digest, tagger)
        return tagger
    }
}
