import Neural

extension ONNXTranslation {
    /// The axis that grows with the clips is left to be worked out.
    mutating func reshape(_ node: Graph.Node, _ y: Graph.Value) throws {
        let shape = sizes[y].map { size in
            if case .fixed(let count) = size { count } else { -1 }
        }
        guard shape.count(where: { $0 == -1 }) <= 1 else { throw unsupported(node) }
        set(y, emit("Reshape", [try name(node.inputs[0]), integers(shape)]))
    }

    mutating func concatenate(_ node: Graph.Node, _ y: Graph.Value, _ axis: Int) throws {
        // Images stay as they stand, if all of them stand so.
        let first = node.inputs.allSatisfy(isChannelsFirst)
        let names = try node.inputs.map { try name($0, isChannelsFirst: first) }
        let place = first ? [0, 2, 3, 1][axis] : axis
        set(y, emit("Concat", names, [("axis", .integer(place))]), isChannelsFirst: first)
    }

    /// Of axes that do not grow with the clips.
    mutating func slice(_ node: Graph.Node, _ y: Graph.Value, _ starts: [Int]) throws {
        var (axes, from, to) = ([Int](), [Int](), [Int]())
        for (axis, (size, whole)) in zip(sizes[y], sizes[node.inputs[0]]).enumerated() where size != whole {
            guard case .fixed(let count) = size, case .fixed = whole else { throw unsupported(node) }
            axes.append(axis)
            from.append(starts[axis])
            to.append(starts[axis] + count)
        }
        set(y, emit("Slice", [try name(node.inputs[0]), integers(from), integers(to), integers(axes)]))
    }

    /// A tensor of one number: `ConstantOfShape`, its shape put together from the number of clips.
    mutating func fill(_ y: Graph.Value, _ number: Float) throws {
        let parts = sizes[y].map { size in
            switch size {
            case .fixed(let count): integers([count])
            case .clips(1): clipCount
            case .clips(let times): emit("Mul", [clipCount, integers([times])])
            }
        }
        let shape = parts.isEmpty ? integers([]) : emit("Concat", parts, [("axis", .integer(0))])
        let value = ONNXModel.Initializer("", .tensor(try Tensor([1], [number])))
        set(y, emit("ConstantOfShape", [shape], [("value", .tensor(value))]))
    }
}
