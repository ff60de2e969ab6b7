// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package jsonl

import "github.com/writ-iot/writ/internal/observation"

// service writes the kinds that services and things say of themselves.
func service(l *line, body observation.Body) {
	switch b := body.(type) {
	case *observation.SSH:
		ssh(l, b)
	case *observation.Session:
		l.must("protocol", b.Protocol)
		l.str("version", b.Version)
		l.str("banner", b.Banner)
		l.yes("starttls", b.StartTLS)
		l.str("detail", b.Detail)
	case *observation.SNMP:
		l.must("version", b.Version)
		l.str("pdu", b.PDU)
		l.str("sysdescr", b.SysDescr)
		l.yes("response", b.Response)
	case *observation.MQTT:
		l.must("client_id", b.ClientID)
		l.str("version", b.Version)
		if b.Return >= 0 {
			l.num("return", int64(b.Return))
		}
		l.yes("has_user", b.HasUser)
		l.yes("has_password", b.HasPass)
	case *observation.LLDP:
		lldp(l, b)
	case *observation.MUDURL:
		l.mac("mac", b.MAC)
		l.must("url", b.URL)
		l.must("via", b.Via)
	case *observation.Sensitive:
		l.must("what", b.What)
		l.str("where", b.Where)
		l.secret("secret", b.Secret)
	case *observation.Identity:
		l.must("protocol", b.Protocol)
		l.str("vendor", b.Vendor)
		l.str("type", b.Type)
		l.str("model", b.Model)
		l.str("firmware", b.Firmware)
		l.str("hostname", b.Hostname)
		l.yes("of_client", b.OfClient)
	case *observation.Kex:
		l.must("protocol", b.Protocol)
		l.num("group", int64(b.Group))
		l.yes("weak", b.Weak)
	default:
		control(l, body)
	}
}

func ssh(l *line, b *observation.SSH) {
	l.str("client_banner", b.ClientBanner)
	l.must("server_banner", b.ServerBanner)
	l.strs("server_kex", b.ServerKex)
	l.strs("server_host_keys", b.ServerHostKeys)
	l.strs("server_ciphers", b.ServerCiphers)
	l.strs("server_macs", b.ServerMACs)
	l.str("host_key", b.HostKeyDigest)
	l.strs("client_kex", b.ClientKex)
	l.strs("client_ciphers", b.ClientCiphers)
	l.strs("hassh", b.HASSHS)
}

func lldp(l *line, b *observation.LLDP) {
	l.must("protocol", b.Protocol)
	l.mac("mac", b.MAC)
	l.str("chassis", b.Chassis)
	l.str("port_id", b.Port)
	l.str("system_name", b.SystemName)
	l.str("system_description", b.SystemDesc)
	l.str("manufacturer", b.Manufacturer)
	l.str("model", b.Model)
	l.str("firmware", b.Firmware)
	l.str("serial", b.Serial)
	l.some("capabilities", int64(b.Capabilities))
}

// control writes the kinds of control and medical protocols.
func control(l *line, body observation.Body) {
	switch b := body.(type) {
	case *observation.Modbus:
		l.num("function", int64(b.Function))
		l.yes("exception", b.Exception)
		l.yes("write", b.Write)
		l.num("unit", int64(b.Unit))
		l.str("vendor", b.Vendor)
		l.str("product", b.Product)
		l.str("revision", b.Revision)
	case *observation.BACnet:
		bacnet(l, b)
	case *observation.OT:
		l.must("protocol", b.Protocol)
		l.str("function", b.Function)
		l.yes("write", b.Write)
		l.yes("security_none", b.SecurityNone)
		l.yes("unauthenticated", b.Unauthenticated)
		l.str("vendor", b.Vendor)
		l.str("product", b.Product)
		l.str("revision", b.Revision)
	case *observation.HL7:
		l.must("message_type", b.MessageType)
		l.str("sending_application", b.SendingApplication)
		l.str("sending_facility", b.SendingFacility)
		l.yes("patient", b.Patient)
		l.str("version", b.Version)
	case *observation.DICOM:
		dicom(l, b)
	}
}

func bacnet(l *line, b *observation.BACnet) {
	if b.Device >= 0 {
		l.num("device", b.Device)
	}
	l.str("service", b.Service)
	l.yes("write", b.Write)
	if b.VendorID >= 0 {
		l.num("vendor_id", int64(b.VendorID))
	}
	l.str("vendor", b.VendorName)
	l.str("model", b.Model)
	l.str("firmware", b.Firmware)
	l.str("description", b.Description)
}

func dicom(l *line, b *observation.DICOM) {
	l.str("calling_ae", b.CallingAE)
	l.str("called_ae", b.CalledAE)
	l.str("implementation_uid", b.ImplementationUID)
	l.str("version", b.Version)
	l.yes("accepted", b.Accepted)
	l.yes("data", b.Data)
	l.yes("patient", b.Patient)
	l.str("command", b.Command)
	l.str("manufacturer", b.Manufacturer)
	l.str("model", b.Model)
	l.str("modality", b.Modality)
	l.str("software_versions", b.SoftwareVersions)
	l.str("institution", b.InstitutionSet)
}
