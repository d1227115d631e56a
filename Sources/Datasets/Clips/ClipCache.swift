internal import Synchronization

/// Decoded clips, kept while they fit a budget of bytes.
///
/// Nothing is thrown out for a newcomer: epochs visit every clip once, and in such a round the usual policies throw out
/// just what is needed next. So a budget of half the dataset saves half the decoding.
final class ClipCache: Sendable {
    /// Most bytes to keep.
    let budget: Int
    private let state = Mutex((clips: [Int: StoredClip](), bytes: 0))

    init(budget: Int) { self.budget = max(0, budget) }

    /// Bytes kept now.
    var byteCount: Int { state.withLock { $0.bytes } }
    /// Clips kept now.
    var count: Int { state.withLock { $0.clips.count } }

    subscript(item: Int) -> StoredClip? { state.withLock { $0.clips[item] } }

    /// Keeps a clip if there is room.
    func offer(_ clip: StoredClip, for item: Int) {
        state.withLock { state in
            guard state.clips[item] == nil, clip.bytes.count <= budget - state.bytes else { return }
            state.clips[item] = clip
            state.bytes += clip.bytes.count
        }
    }
}
