public import Media

/// Everything that fixes a model but its weights: one value, stored with them in the model file.
public struct ModelConfiguration: Codable, Sendable, Hashable {
    /// The preset it started from, for people.
    public var preset: String
    /// What a clip is before it reaches the network.
    public var clip: ClipFormat
    /// The network that turns a frame into a vector.
    public var backbone: Backbone
    /// How the network is shown motion; nil for by the frames alone.
    public var motion: Motion?
    /// The network that turns the frames' vectors into one.
    public var temporal: Temporal
    /// Size of the embedding: a dense layer brings the fused vector to it. The fused vector itself where nil.
    public var embeddingSize: Int?
    /// What is decided from the embedding.
    public var head: Head
    /// Names of the classes, in the order of the outputs. A binary head has two: the negative, then the positive.
    public var labels: [String]

    public init(
        preset: String, clip: ClipFormat, backbone: Backbone, motion: Motion? = nil, temporal: Temporal,
        embeddingSize: Int?, head: Head, labels: [String] = []
    ) {
        self.preset = preset
        self.clip = clip
        self.backbone = backbone
        self.motion = motion
        self.temporal = temporal
        self.embeddingSize = embeddingSize
        self.head = head
        self.labels = labels
    }
}

/// How a network is shown motion: by each frame's difference from the one before it in the clip, as a picture in which
/// mid-grey is no change (as in Wang et al. 2016, "Temporal segment networks"), or by three frames in one picture.
public enum Motion: String, Codable, Sendable, Hashable, CaseIterable {
    /// Beside the frames: a second backbone of the same kind, the motion stream, reads the differences (after Simonyan &
    /// Zisserman 2014). A frame's vector is that of both, one after the other. The names of the stream's layers begin
    /// with `motion.`.
    case beside
    /// Instead of the frames, of which the network then sees nothing that does not move: where scenes are few, they
    /// cannot be learned by heart.
    case alone
    /// Instead of the frames, each with its neighbours in the clip: the picture's red is the frame before in grey, its green
    /// the frame itself, its blue the one after. The first convolution so sees which way each edge goes, of which a
    /// difference shows only that it goes; of colours nothing is seen.
    case stacked
}

/// What a clip is before it reaches the network: how many frames, how large, how their bytes become numbers.
public struct ClipFormat: Codable, Sendable, Hashable {
    /// How many frames, how large, and how a video becomes that. Frames are square.
    public var specification: ClipSpecification
    /// Subtracted from each channel of `byte / 255`.
    public var mean: [Float]
    /// Each channel is divided by this afterwards.
    public var deviation: [Float]

    public init(specification: ClipSpecification, mean: [Float] = [0, 0, 0], deviation: [Float] = [1, 1, 1]) {
        self.specification = specification
        self.mean = mean
        self.deviation = deviation
    }

    /// Frames sampled evenly from the clip.
    public var frames: Int {
        get { specification.frames }
        set { specification.frames = newValue }
    }

    /// Height and width of a frame, in pixels.
    public var size: Int {
        get { specification.height }
        set { (specification.height, specification.width) = (newValue, newValue) }
    }

    /// `byte * scale + shift` for each channel: the same as `(byte / 255 - mean) / deviation`.
    var scaleAndShift: (scale: [Float], shift: [Float]) {
        (deviation.map { 1 / (255 * $0) }, zip(mean, deviation).map { -$0 / $1 })
    }
}

/// The network that turns each frame into a vector.
public enum Backbone: Codable, Sendable, Hashable {
    /// Convolutions 3x3 with ReLU, without padding, each followed by max-pooling 2: the article's network.
    case plain(channels: [Int])
    /// A residual network (He et al. 2016).
    case residual(Residual)
    /// MobileNetV2 (Sandler et al. 2018), width 1.
    case mobileNetV2
    /// SqueezeNet 1.1 (Iandola et al. 2016).
    case squeezeNet

    /// Shape of a residual network. Layer names are torchvision's.
    public struct Residual: Codable, Sendable, Hashable {
        /// Kernel of the first convolution, which has stride 2.
        public var stemKernel: Int
        /// Channels of the first convolution.
        public var stemChannels: Int
        /// Whether a max-pooling 3, stride 2, follows the first convolution.
        public var stemPooling: Bool
        /// Channels of each stage; all but the first halve the size (the first too where the stem does not pool).
        public var channels: [Int]
        /// Residual blocks in each stage.
        public var blocks: [Int]
        /// Blocks of 1x1, 3x3, 1x1 convolutions whose output has four times the channels, rather than two of 3x3.
        public var bottleneck: Bool

        public init(
            stemKernel: Int = 7, stemChannels: Int = 64, stemPooling: Bool = true,
            channels: [Int] = [64, 128, 256, 512],
            blocks: [Int], bottleneck: Bool = false
        ) {
            self.stemKernel = stemKernel
            self.stemChannels = stemChannels
            self.stemPooling = stemPooling
            self.channels = channels
            self.blocks = blocks
            self.bottleneck = bottleneck
        }
    }
}

/// The network that turns the frames' vectors into one.
public struct Temporal: Codable, Sendable, Hashable {
    /// Channels to which the last feature map is reduced and then flattened beside its global average, so that the
    /// vector says where things are, not only what; 0 for the average alone.
    public var gridChannels: Int
    /// Whether the GRU reads, beside each frame's vector, by how much it differs from the one before: what moves is
    /// then there at once, and need not be learnt from the states.
    public var differences: Bool
    /// Size of the GRU's state, per direction.
    public var hidden: Int
    /// GRU layers, one on the other.
    public var layers: Int
    /// Whether each layer also reads the clip backwards.
    public var bidirectional: Bool
    /// How the states over time become one vector.
    public var fusion: Fusion

    /// How states over time become one vector.
    public enum Fusion: String, Codable, Sendable, Hashable, CaseIterable {
        /// The final state (of both directions).
        case last
        case mean
        case max
        /// A mean weighted by a learned score of each state.
        case attention
    }

    public init(
        gridChannels: Int = 0, differences: Bool = false, hidden: Int = 128, layers: Int = 1,
        bidirectional: Bool = false, fusion: Fusion = .mean
    ) {
        self.gridChannels = gridChannels
        self.differences = differences
        self.hidden = hidden
        self.layers = layers
        self.bidirectional = bidirectional
        self.fusion = fusion
    }

    /// Size of the fused vector.
    public var outputSize: Int { hidden * (bidirectional ? 2 : 1) }
}

/// What is decided from the embedding.
public struct Head: Codable, Sendable, Hashable {
    /// What the outputs mean.
    public enum Kind: String, Codable, Sendable, Hashable, CaseIterable {
        /// One output: the probability of the second label.
        case binary
        /// One label of several: softmax.
        case multiClass
        /// Any number of labels: a sigmoid for each.
        case multiLabel
    }

    public var kind: Kind
    /// Probability with which an element of the embedding is dropped in training.
    public var dropout: Float

    public init(kind: Kind = .multiClass, dropout: Float = 0) {
        self.kind = kind
        self.dropout = dropout
    }

    /// How many numbers the head yields for `labels` labels.
    public func outputs(labels: Int) -> Int { kind == .binary ? 1 : labels }
}
