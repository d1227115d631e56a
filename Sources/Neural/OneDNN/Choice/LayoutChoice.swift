/// Chooses how the convolutions of a graph are computed, all together: the cheapest path through the graph, where each
/// way of each convolution costs its time, and so does each change of an image's layout between them.
///
/// The state on the way is the layout of every image that is still needed. Where branches make the states many, the
/// cheapest are followed.
struct LayoutChoice {
    /// In which layouts an image lies.
    private enum Forms: UInt8 {
        /// In none yet: what makes it can make either.
        case open
        case plain, blocks
        /// In both; the name says which came first.
        case plainFirst, blocksFirst

        var isBlocksFirst: Bool { self == .blocks || self == .blocksFirst }
    }

    /// One convolution's way, and those before it.
    private final class Choice {
        let node: Int
        let way: ConvolutionWay
        let before: Choice?

        init(_ node: Int, _ way: ConvolutionWay, _ before: Choice?) {
            (self.node, self.way, self.before) = (node, way, before)
        }
    }

    private struct State {
        /// Of the images of `LayoutChoice.images`, in order.
        var forms: [Forms] = []
        var seconds = 0.0
        var choice: Choice?
    }

    private let graph: Graph
    private let type: StorageType
    private let kernels: KernelTimes
    private let isTraining: Bool
    private let lastUse: [Graph.Value: Int]
    /// The images that are known and still needed, with their places in a state.
    private var images: [Graph.Value] = []
    private var places: [Graph.Value: Int] = [:]
    private var states = [State()]

    /// States that are followed.
    private static let width = 64
    /// What the way that the rule prefers is taken to cost of its time: times vary by some percent, and what reads an
    /// image next is usually quicker to find it in blocks.
    private static let benefit = 0.95

    /// The way of each convolution and convolution's gradient that has a measured kernel. To be called on the compute
    /// thread. Cost: where `kernels` does not know them, some runs of each kernel; otherwise some milliseconds.
    static func ways(_ graph: Graph, live: [Bool], type: StorageType, kernels: KernelTimes) -> [Int: ConvolutionWay] {
        var search = LayoutChoice(graph, live: live, type: type, kernels: kernels)
        for node in graph.nodes.indices where live[node] { search.pass(node) }
        kernels.save()
        var ways: [Int: ConvolutionWay] = [:]
        var choice = search.states.min { $0.seconds < $1.seconds }?.choice
        while let one = choice {
            ways[one.node] = one.way
            choice = one.before
        }
        return ways
    }

    private init(_ graph: Graph, live: [Bool], type: StorageType, kernels: KernelTimes) {
        self.graph = graph
        self.type = type
        self.kernels = kernels
        isTraining = graph.trainsConvolutions
        var lastUse: [Graph.Value: Int] = [:]
        for node in graph.nodes.indices where live[node] {
            for input in graph.nodes[node].inputs { lastUse[input] = node }
        }
        self.lastUse = lastUse
    }

    /// Goes on by one node.
    private mutating func pass(_ node: Int) {
        let (inputs, outputs) = (graph.nodes[node].inputs, graph.nodes[node].outputs.indices)
        let results = outputs.map { Graph.Value(node: node, output: $0) }
        for value in results where isImage(value) && lastUse[value] != nil {
            places[value] = images.count
            images.append(value)
            for index in states.indices { states[index].forms.append(.plain) }
        }
        if let problem = graph.convolutionProblem(node, isTraining: isTraining, type: type) {
            convolve(node, problem)
        } else {
            for index in states.indices { step(&states[index], graph.nodes[node].operation, inputs, results) }
        }
        forget(node)
    }

    /// Branches into the ways of a convolution.
    private mutating func convolve(_ node: Int, _ problem: ConvolutionProblem) {
        let inputs = graph.nodes[node].inputs
        let result = Graph.Value(node: node, output: 0)
        let preferred = ConvolutionWay.candidates(problem).first
        let ways = ConvolutionWay.candidates(problem).compactMap { way in
            kernels.seconds(problem, way).map { (way, $0 * (way == preferred ? Self.benefit : 1)) }
        }
        guard !ways.isEmpty else { return }
        states = states.flatMap { state in
            ways.map { way, seconds in
                var next = state
                next.seconds += seconds
                next.choice = Choice(node, way, state.choice)
                switch problem.direction {
                case .forward:
                    read(&next, inputs[0], way.source)
                    if problem.convolution.addsResidual, let other = inputs.last { read(&next, other, way.destination) }
                    write(&next, result, way.destination == .blocks)
                case .inputGradient:
                    read(&next, inputs[0], way.destination)
                    write(&next, result, way.source == .blocks)
                case .weightGradient where way.isSingle:
                    for input in inputs.prefix(2) { convert(&next, input) }
                case .weightGradient:
                    read(&next, inputs[0], way.source)
                    read(&next, inputs[1], way.destination)
                }
                return next
            }
        }
    }

    /// What another node does to the layouts, as the plan builder will have it.
    private func step(
        _ state: inout State, _ operation: Operation, _ inputs: [Graph.Value], _ results: [Graph.Value]
    ) {
        func follow(_ value: Graph.Value, _ others: [Graph.Value]) {
            settle(&state, value)
            let blocks = forms(state, value)?.isBlocksFirst ?? false
            for other in others { read(&state, other, blocks ? .blocks : .channelsLast) }
            for result in results { write(&state, result, blocks) }
        }
        func agree(_ values: [Graph.Value]) {
            let blocks = values.contains { forms(state, $0)?.isBlocksFirst ?? false }
            for value in values { read(&state, value, blocks ? .blocks : .channelsLast) }
            for result in results { write(&state, result, blocks) }
        }
        switch operation {
        case .normalizeFrames, .fill, .broadcast:
            for result in results { open(&state, result) }
        case .unary where forms(state, inputs[0]) == .open: for result in results { open(&state, result) }
        case .unary, .pooling, .batchNormalizationInference, .batchNormalization, .batchNormalizationReLU:
            follow(inputs[0], [])
        case .batchNormalizationGradient, .batchNormalizationReLUGradient: follow(inputs[0], [inputs[1]])
        case .poolingGradient(let pooling, _):
            if pooling.kind == .maximum { follow(inputs[1], [inputs[0]]) } else { follow(inputs[0], []) }
        case .unaryGradient: agree(Array(inputs.prefix(2)))
        case .binary where graph.shape(inputs[0]) == graph.shape(inputs[1]): agree(inputs)
        case .binary: agree(inputs.filter { graph.shape($0) == graph.shape(results[0]) })
        case .reduce(_, [1, 2], _) where type == .float32: settle(&state, inputs[0])
        default:
            for input in inputs { read(&state, input, .channelsLast) }
        }
    }

    // MARK: Layouts

    /// Whether a value's layout is a matter of choice: an image with whole blocks of channels.
    private func isImage(_ value: Graph.Value) -> Bool {
        let type = graph.type(value)
        return type.shape.rank == 4 && type.elementType == .float32 && type.shape[3] % ConvolutionWay.block == 0
    }

    private func forms(_ state: State, _ value: Graph.Value) -> Forms? { places[value].map { state.forms[$0] } }

    private func write(_ state: inout State, _ value: Graph.Value, _ blocks: Bool) {
        if let place = places[value] { state.forms[place] = blocks ? .blocks : .plain }
    }

    private func open(_ state: inout State, _ value: Graph.Value) {
        if let place = places[value] { state.forms[place] = .open }
    }

    /// Has an open image made in plain order.
    private func settle(_ state: inout State, _ value: Graph.Value) {
        if let place = places[value], state.forms[place] == .open { state.forms[place] = .plain }
    }

    /// Brings an image to a layout, at the price of a reorder where it is not there yet.
    private func read(_ state: inout State, _ value: Graph.Value, _ layout: ConvolutionWay.Layout) {
        guard let place = places[value], layout != .any else { return }
        switch (state.forms[place], layout == .blocks) {
        case (.open, let blocks): state.forms[place] = blocks ? .blocks : .plain
        case (.plain, true):
            state.seconds += reorderSeconds(value, fromBlocks: false)
            state.forms[place] = .plainFirst
        case (.blocks, false):
            state.seconds += reorderSeconds(value, fromBlocks: true)
            state.forms[place] = .blocksFirst
        default: break
        }
    }

    /// Has a copy of an image made in blocks of single precision.
    private func convert(_ state: inout State, _ value: Graph.Value) {
        settle(&state, value)
        let isBlocks = forms(state, value)?.isBlocksFirst ?? false
        state.seconds += kernels.reorderSeconds(
            graph.shape(value), from: .init(type: type, isBlocks: isBlocks), to: .init(type: .float32, isBlocks: true))
    }

    private func reorderSeconds(_ value: Graph.Value, fromBlocks: Bool) -> Double {
        kernels.reorderSeconds(
            graph.shape(value), from: .init(type: type, isBlocks: fromBlocks),
            to: .init(type: type, isBlocks: !fromBlocks))
    }

    /// Drops images that no later node needs, then all but the cheapest state of those that are alike.
    private mutating func forget(_ node: Int) {
        let kept = images.indices.filter { lastUse[images[$0], default: 0] > node }
        if kept.count < images.count {
            images = kept.map { images[$0] }
            places = Dictionary(uniqueKeysWithValues: images.enumerated().map { ($1, $0) })
            for index in states.indices { states[index].forms = kept.map { states[index].forms[$0] } }
        }
        guard states.count > 1 else { return }
        var best: [[Forms]: State] = [:]
        for state in states where state.seconds < best[state.forms]?.seconds ?? .infinity {
            best[state.forms] = state
        }
        // Ties in order of layouts, so that the same times give the same choice.
        states = best.values.sorted {
            $0.seconds != $1.seconds
                ? $0.seconds < $1.seconds : $0.forms.map(\.rawValue).lexicographicallyPrecedes($1.forms.map(\.rawValue))
        }
        if states.count > Self.width { states.removeLast(states.count - Self.width) }
    }
}
