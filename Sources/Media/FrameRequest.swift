/// Which frames of a video to read, and how to fit them to a size.
public struct FrameRequest: Sendable, Hashable, Codable {
    /// Which frames of the range.
    public enum Sampling: Sendable, Hashable, Codable {
        /// Every frame.
        case all
        /// `count` frames spread evenly: the centres of `count` equal parts of the range, by index. A range with fewer
        /// frames gives some of them more than once, so that there are always `count`, unless it has none.
        case uniform(Int)
        /// The frame shown at each multiple of `1 / rate` seconds from the range's start (from the first frame without
        /// one). A frame shown for longer than that comes more than once. Times that a container has rounded, as
        /// Matroska does to milliseconds, count as the times they stand for.
        case rate(Double)
        /// Every k-th frame, from the first.
        case every(Int)
        /// Key frames only.
        case keyFrames
        /// The frames shown at these times, in the order of the times; `start` and `end` are not heeded. Before the
        /// first frame, the first is taken; a time after the video's end is an error.
        case times([MediaTime])
        /// `count` frames, one drawn from each of `count` equal parts of the range (temporal jitter), in order. The same
        /// seed draws the same frames.
        case random(Int, seed: UInt64)
    }

    /// How a frame becomes the asked-for size. Display geometry (rotation, sample aspect ratio) comes first.
    public enum Resize: Sendable, Hashable, Codable {
        /// Display size as it is.
        case none
        /// The shorter side becomes this many pixels; the aspect ratio stays.
        case shortSide(Int)
        /// Exactly this size; the aspect ratio may change.
        case exact(width: Int, height: Int)
        /// Fits inside this size, centred on black.
        case letterbox(width: Int, height: Int)
    }

    /// Which part of the resized frame is kept.
    public enum Crop: Sendable, Hashable, Codable {
        case none
        /// The middle.
        case center(width: Int, height: Int)
        /// One place for the whole clip, drawn from the seed.
        case random(width: Int, height: Int, seed: UInt64)
        /// Four corners (top left, top right, bottom left, bottom right) and the centre, in that order: five frames
        /// out for each frame in, one after the other, all with its time and index.
        case five(width: Int, height: Int)
    }

    /// What to do about a frame that does not decode.
    public enum DamagePolicy: String, Sendable, Hashable, Codable, CaseIterable {
        /// Leave it out: sampling chooses among the good frames only.
        case skip
        /// Repeat the last good frame in its place, at the time that it should have had. Frames before the first good
        /// one are left out.
        case hold
        /// Throw `MediaError` `.damaged`.
        case raise
    }

    /// Whether other frames than those asked for will do.
    public enum Accuracy: String, Sendable, Hashable, Codable, CaseIterable {
        /// Exactly the frames asked for.
        case exact
        /// As many frames, of which each may be another than asked for, from the part of the video that is nearer to it
        /// than to its neighbours: the nearest key frame there, or else the nearest frame that others refer to.
        /// `Frame.distance` says how far off it is.
        ///
        /// Heeded for `.uniform`, `.random` and `.every` on whole files in H.264, HEVC, VP9, AV1 and codecs of key frames
        /// alone; everything else is exact. Damage is not looked for where nothing is decoded, whatever the policy.
        case fast
        /// As many frames, each the key frame that is nearest to the one asked for, however far: where there are fewer key
        /// frames than were asked for, some come several times. Enough to tell what a video shows, not what happens in it.
        /// Otherwise as `fast`, which it is too where the part asked for has no key frame.
        case keys
    }

    /// What the times in a request count from.
    public enum Origin: String, Sendable, Hashable, Codable {
        /// Zero of the container's own timeline, on which frames are given out. The first frame may lie anywhere on it:
        /// a transport stream often begins at 1.4 s, a recording cut from a longer one at hours.
        case timeline
        /// The first frame that decodes: seconds into the video, as a player shows them and `ffmpeg -ss` counts them.
        case firstFrame
    }

    /// Which frames.
    public var sampling: Sampling
    /// Their size.
    public var resize: Resize
    /// What is cut out of them, once resized.
    public var crop: Crop
    /// What becomes of damaged ones.
    public var damage: DamagePolicy
    /// Start of the part to read, inclusive; from the first frame where nil.
    public var start: MediaTime?
    /// End of the part to read, exclusive; to the last frame where nil.
    public var end: MediaTime?
    /// What `start`, `end` and `.times` count from. The frames' own times are on the container's timeline whatever it is.
    public var origin: Origin
    /// Whether other frames will do.
    public var accuracy: Accuracy

    public init(
        sampling: Sampling = .all, resize: Resize = .none, crop: Crop = .none, damage: DamagePolicy = .skip,
        start: MediaTime? = nil, end: MediaTime? = nil, origin: Origin = .timeline,
        accuracy: Accuracy = .exact
    ) {
        self.sampling = sampling
        self.resize = resize
        self.crop = crop
        self.damage = damage
        self.start = start
        self.end = end
        self.origin = origin
        self.accuracy = accuracy
    }

    /// Whether there is a time in it that counts from `origin`.
    var hasTimes: Bool {
        if case .times = sampling { return true }
        return start != nil || end != nil
    }

    /// The same request with its times on the container's timeline.
    ///
    /// - Parameter first: when the first frame is shown.
    func placed(after first: MediaTime) -> FrameRequest {
        var request = self
        request.origin = .timeline
        request.start = start?.plus(first)
        request.end = end?.plus(first)
        if case .times(let times) = sampling { request.sampling = .times(times.map { $0.plus(first) }) }
        return request
    }
}
