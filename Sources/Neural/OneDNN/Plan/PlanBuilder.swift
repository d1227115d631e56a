internal import COneDNN

/// Turns the nodes of a graph into steps, and decides in which layout each value lies.
///
/// A value has one or more *forms*: the same numbers in different layouts. The first is what its node produced; others
/// are made by reorders when a step asks for them. Nodes that can produce any layout wait until the first step asks.
final class PlanBuilder {
    /// A value's numbers in one layout.
    struct Form {
        let buffer: PlanBuffer
        let descriptor: MemoryDescriptor
        /// How the layout's axes are the value's.
        let view: View
        /// Dense and row-major in the value's own axes.
        let isPlain: Bool
    }

    /// How a value's axes are presented to oneDNN.
    enum View: Hashable {
        /// As they are; a scalar as one axis of 1.
        case rows
        /// `[batch, height, width, channel]` as batch, channel, height, width.
        case image
        /// `[out, in, height, width]` as they are, or with the groups as an axis of their own.
        case kernel(groups: Int)
    }

    let graph: Graph
    /// For each node, whether it depends on parameters that stay alone, so that it can be prepared once.
    let isConstant: [Bool]
    /// How many nodes that matter read a value, and whether the caller does; those that nobody reads are not there.
    let uses: [Graph.Value: Int]
    /// How the numbers of images are stored between convolutions, and those of their weights.
    let imageType: StorageType
    /// What kernels take, where that is measured.
    let kernels: KernelTimes?
    /// Which convolutions are computed of bytes, if any are.
    let quantization: Quantization?
    /// The images that are stored as bytes, where a kernel can do that.
    let byteScales: [Graph.Value: ByteScale]
    /// How convolutions and their gradients are computed, by node, where that was measured.
    let ways: [Int: ConvolutionWay]
    /// Whether images lie in blocks of channels wherever a convolution can have it so and nothing was measured.
    let prefersBlocks: Bool
    /// Whether the weights change from one run to the next.
    let weightsChange: Bool
    private(set) var forms: [Graph.Value: [Form]] = [:]
    private var waiting: [Graph.Value: (MemoryDescriptor?) throws -> Void] = [:]
    private(set) var prepareSteps: [Step] = []
    private(set) var runSteps: [Step] = []
    private(set) var inputs: [String: (buffer: PlanBuffer, type: TensorType)] = [:]
    private(set) var parameters: [String: (buffer: PlanBuffer, shape: Shape)] = [:]
    /// The primitives that made the second output of a maximum pooling, which the gradient's primitive must be told.
    var poolings: [Graph.Value: MaximumPooling] = [:]
    /// The poolings that the convolution before them has done.
    var pooledBefore: Set<Int> = []
    /// The kernels of ours that made the fourth output of a batch normalisation, in the layout in which they did.
    var normalizations: [Graph.Value: (BatchNormalization, MemoryDescriptor)] = [:]

    init(
        _ graph: Graph, isConstant: [Bool], live: [Bool], uses: [Graph.Value: Int], imageType: StorageType,
        kernels: KernelTimes?, quantization: Quantization?
    ) {
        self.graph = graph
        self.isConstant = isConstant
        self.uses = uses
        self.imageType = imageType
        self.kernels = kernels
        weightsChange = graph.trainsConvolutions
        // Bytes lie in plain order, and what is left in floats follows them.
        self.quantization = weightsChange ? nil : quantization
        byteScales = self.quantization.map { ByteScale.find(graph, $0) } ?? [:]
        let isFree = self.quantization == nil
        ways =
            isFree ? kernels.map { LayoutChoice.ways(graph, live: live, type: imageType, kernels: $0) } ?? [:] : [:]
        prefersBlocks = isFree && kernels == nil && imageType == .float32 && ConvolutionWay.prefersBlocks(graph)
    }

    // MARK: Buffers and steps

    /// Memory for something that `node` computes.
    func buffer(_ byteCount: Int, for node: Int) -> PlanBuffer {
        PlanBuffer(byteCount: byteCount, home: isConstant[node] ? .persistent : .arena)
    }

    func append(_ step: Step, for node: Int) {
        if isConstant[node] { prepareSteps.append(step) } else { runSteps.append(step) }
    }

    /// Adds a primitive with its operands; scratch memory is added to them.
    func emit(
        _ primitive: Primitive, reads: [(ArgumentName, PlanBuffer, MemoryDescriptor)],
        writes: [(ArgumentName, PlanBuffer, MemoryDescriptor)], inPlace: (from: PlanBuffer, to: PlanBuffer)? = nil,
        cost: Step.Cost = Step.Cost(), for node: Int, _ label: String? = nil
    ) throws {
        var writes = writes
        if primitive.scratchBytes > 0 {
            let descriptor = try primitive.descriptor(.scratchpad)
            writes.append((.scratchpad, buffer(descriptor.byteCount, for: node), descriptor))
        }
        let arguments = (reads + writes).map { Step.Argument(name: $0.0, buffer: $0.1, descriptor: $0.2) }
        append(
            Step(
                label: label ?? self.label(node), work: .primitive(primitive, arguments), reads: reads.map { $0.1 },
                writes: writes.map { $0.1 }, cost: cost, inPlace: inPlace), for: node)
    }

    /// Adds a step of our own.
    func emit(
        reads: [PlanBuffer], writes: [PlanBuffer], inPlace: (from: PlanBuffer, to: PlanBuffer)? = nil, for node: Int,
        _ label: String? = nil, _ kernel: @escaping () throws -> Void
    ) {
        append(
            Step(
                label: label ?? self.label(node), work: .kernel(kernel), reads: reads, writes: writes,
                inPlace: inPlace), for: node)
    }

    /// Adds a step of our own that is split among threads: `body` is given ranges of `0 ..< count`, which begin at
    /// multiples of `grain`.
    func emit(
        reads: [PlanBuffer], writes: [PlanBuffer], for node: Int, _ label: String? = nil, parallel count: Int,
        grain: Int = 1, _ body: @escaping (Range<Int>) -> Void
    ) {
        let loop = ParallelLoop(count, grain: grain, body)
        emit(reads: reads, writes: writes, for: node, label) { loop.run() }
    }

    /// What a node is called in profiles.
    func label(_ node: Int) -> String {
        let name = "\(graph.nodes[node].operation)".prefix { $0 != "(" }
        let place = graph.nodes[node].label
        return place.isEmpty ? "\(name) #\(node)" : "\(name) #\(node) \(place)"
    }

    /// Adds `value` to what is in `target`, in plain order, at each run.
    func accumulate(_ value: Graph.Value, into target: PlanBuffer) throws {
        let form = try native(value)
        let plain = try plainDescriptor(value, form.view)
        let primitive = try Primitive("adding a gradient") {
            unsafe sdnn_reorder(&$0, form.descriptor.handle, plain.handle, 1, 1)
        }
        let arguments = [
            Step.Argument(name: .source, buffer: form.buffer, descriptor: form.descriptor),
            Step.Argument(name: .destination, buffer: target, descriptor: plain),
        ]
        runSteps.append(
            Step(
                label: "accumulate \(label(value.node))", work: .primitive(primitive, arguments),
                reads: [form.buffer], writes: [target]))
    }

    // MARK: Sources

    /// The memory of the input or parameter that `node` stands for.
    func bind(_ node: Int) throws {
        let value = Graph.Value(node: node, output: 0)
        let type = graph.type(value)
        let buffer = PlanBuffer(byteCount: type.byteCount, home: .external)
        switch graph.nodes[node].operation {
        case .input(let name): inputs[name] = (buffer, type)
        case .parameter(let name): parameters[name] = (buffer, type.shape)
        default: return
        }
        try definePlain(value, buffer)
    }

    // MARK: Forms

    /// Records that `value` lies in `buffer`, laid out by `descriptor`.
    func define(_ value: Graph.Value, _ buffer: PlanBuffer, _ descriptor: MemoryDescriptor, _ view: View) throws {
        let isPlain = try plainDescriptor(value, view).isEqual(descriptor)
        forms[value, default: []].append(
            Form(buffer: buffer, descriptor: descriptor, view: view, isPlain: isPlain))
    }

    /// Records that `value` lies in `buffer` in plain order.
    func definePlain(_ value: Graph.Value, _ buffer: PlanBuffer) throws {
        let view = imageOrRows(value)
        forms[value, default: []].append(
            Form(buffer: buffer, descriptor: try plainDescriptor(value, view), view: view, isPlain: true))
    }

    /// The view in which element-by-element kernels work.
    func imageOrRows(_ value: Graph.Value) -> View { graph.shape(value).rank == 4 ? .image : .rows }

    /// Memory for `value` in plain order, and its record.
    func makePlain(_ value: Graph.Value) throws -> PlanBuffer {
        let buffer = buffer(graph.type(value).byteCount, for: value.node)
        try definePlain(value, buffer)
        return buffer
    }

    /// Lets the first step that needs `value` choose its layout: `make` is called with it (nil: plain), and must define
    /// the value, in that layout or another.
    func wait(_ value: Graph.Value, _ make: @escaping (MemoryDescriptor?) throws -> Void) { waiting[value] = make }

    /// Whether the layout of `value` is still open.
    func isWaiting(_ value: Graph.Value) -> Bool { waiting[value] != nil }

    /// The first form of `value` in floats; asks its node for plain order if it could choose.
    func native(_ value: Graph.Value) throws -> Form {
        if let make = waiting.removeValue(forKey: value) { try make(nil) }
        guard let form = forms[value]?.first else {
            throw NeuralError(.backend, "no step computes output \(value.output) of \(label(value.node))")
        }
        guard isBytes(value, form.descriptor) else { return form }
        if let floats = forms[value]?.first(where: { !isBytes(value, $0.descriptor) }) { return floats }
        let layout = try plainDescriptor(value, form.view)
        return Form(
            buffer: try reorder(value, form, layout, isPlain: true), descriptor: layout, view: form.view, isPlain: true)
    }

    /// Whether a layout of `value` is one of bytes in the place of numbers. What those are worth only some steps know,
    /// which ask for them: to all others a value is in floats.
    func isBytes(_ value: Graph.Value, _ descriptor: MemoryDescriptor) -> Bool {
        graph.type(value).elementType == .float32 && (descriptor.type == .uint8 || descriptor.type == .int8)
    }

    /// The form of `value` as bytes, if it is stored so.
    func bytes(_ value: Graph.Value) -> Form? { forms[value]?.first { isBytes(value, $0.descriptor) } }

    /// The first layout among those of `values` that is an image's and not plain: what to go on with, so that
    /// nothing is reordered back and forth.
    func preferred(_ values: [Graph.Value]) -> MemoryDescriptor? {
        for value in values {
            if let form = forms[value]?.first(where: { !isBytes(value, $0.descriptor) }), !form.isPlain,
                form.view == .image
            {
                return form.descriptor
            }
        }
        return nil
    }

    /// `value` in plain order.
    func plain(_ value: Graph.Value) throws -> PlanBuffer {
        let first = try native(value)
        if let known = forms[value]?.first(where: \.isPlain) { return known.buffer }
        return try reorder(value, first, try plainDescriptor(value, first.view), isPlain: true)
    }

    /// `value` laid out as `descriptor`, whose axes are those of `view`.
    func use(_ value: Graph.Value, as descriptor: MemoryDescriptor, _ view: View) throws -> PlanBuffer {
        if let make = waiting.removeValue(forKey: value) {
            try make(view == .image && !isBytes(value, descriptor) ? descriptor : nil)
        }
        if let known = forms[value]?.first(where: { $0.descriptor.isEqual(descriptor) }) { return known.buffer }
        let plainLayout = try plainDescriptor(value, view)
        if plainLayout.isEqual(descriptor) { return try plain(value) }
        let first = try native(value)
        if !first.isPlain, first.view == view { return try reorder(value, first, descriptor, isPlain: false) }
        let source = Form(buffer: try plain(value), descriptor: plainLayout, view: view, isPlain: true)
        return try reorder(value, source, descriptor, isPlain: false)
    }

    private func reorder(
        _ value: Graph.Value, _ source: Form, _ target: MemoryDescriptor, isPlain: Bool
    ) throws -> PlanBuffer {
        let buffer = buffer(target.byteCount, for: value.node)
        let step = byteScales[value]?.step ?? 1
        let factor: Float =
            switch (isBytes(value, source.descriptor), isBytes(value, target)) {
            case (true, false): step
            case (false, true): 1 / step
            default: 1
            }
        let primitive = try Primitive("a reorder") {
            unsafe sdnn_reorder(&$0, source.descriptor.handle, target.handle, factor, 0)
        }
        try emit(
            primitive, reads: [(.source, source.buffer, source.descriptor)], writes: [(.destination, buffer, target)],
            for: value.node, "reorder of \(label(value.node))")
        forms[value, default: []].append(
            Form(buffer: buffer, descriptor: target, view: source.view, isPlain: isPlain))
        return buffer
    }

    /// The plain order of `value`, seen through `view`, with numbers stored as `type` (nil: as the graph says).
    func plainDescriptor(_ value: Graph.Value, _ view: View, _ type: StorageType? = nil) throws -> MemoryDescriptor {
        let stored = type ?? StorageType(graph.type(value).elementType)
        let (d, s) = (graph.shape(value).dimensions, graph.shape(value).strides)
        switch view {
        case .image where d.count == 4:
            return try MemoryDescriptor([d[0], d[3], d[1], d[2]], strides: [s[0], s[3], s[1], s[2]], type: stored)
        case .kernel(let groups) where groups > 1 && d.count == 4:
            return try MemoryDescriptor(
                [groups, d[0] / groups] + d[1...], strides: [s[0] * (d[0] / groups)] + s, type: stored)
        default:
            return try MemoryDescriptor(d.isEmpty ? [1] : d, strides: d.isEmpty ? [1] : s, type: stored)
        }
    }
}
