import { Component, type ReactNode } from "react";

interface Props {
  readonly show: ReactNode;
  readonly children: ReactNode;
}

/** Shows something else when its children cannot be rendered: a newer server's result must not take the page down. */
export class Otherwise extends Component<Props, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? this.props.show : this.props.children;
  }
}
