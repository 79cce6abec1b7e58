param location string
param tags object
param componentId string
param emails string[]
param lateHours int

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-aks-subnet-auditor'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'aks-auditor'
    emailReceivers: [
      for (email, index) in emails: {
        name: 'email-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

// Each query answers rows only where something is wrong.
var rules = [
  {
    name: 'no-audit'
    title: 'The AKS subnet auditor: no audit ended'
    description: 'No audit ended within ${lateHours} hours. Look at the health check and the log of the function app.'
    severity: 1
    query: replace(loadTextContent('../queries/noAudit.kql'), '26h', '${lateHours}h')
    every: 'PT1H'
    window: 'P2D'
  }
  {
    name: 'audit-failed'
    title: 'The AKS subnet auditor: an audit failed'
    description: 'An audit failed. GET /api/audits/latest has the reason.'
    severity: 2
    query: loadTextContent('../queries/auditFailed.kql')
    every: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'card-not-sent'
    title: 'The AKS subnet auditor: a card was not sent'
    description: 'A card could not be sent. Look at the webhook and at the log of the function app.'
    severity: 2
    query: loadTextContent('../queries/cardNotSent.kql')
    every: 'PT15M'
    window: 'PT30M'
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'alert-aks-subnet-auditor-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: rule.description
      enabled: true
      severity: rule.severity
      scopes: [componentId]
      evaluationFrequency: rule.every
      windowSize: rule.window
      autoMitigate: true
      // A new component has no rows yet. The queries are checked with the Kusto parser instead.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: { actionGroups: [group.id] }
    }
  }
]
